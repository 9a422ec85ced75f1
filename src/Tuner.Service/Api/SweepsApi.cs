using System.Collections.Immutable;
using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Service.Access;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Service.Api;

/// <summary>Sweeps: submit, list, read, and what may be asked of one.</summary>
internal static class SweepsApi
{
    private const string KeyHeader = "Idempotency-Key";
    private const int LongestKey = 200;

    public static void MapSweeps(this IEndpointRouteBuilder api)
    {
        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapPost("/", SubmitAsync).ForOperators().WithName("SubmitSweep").WithSummary("Submit a sweep, with the files that it names").Refuses(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity)
            .Accepts<SweepSubmissionBody>(SubmissionBody.Types[0], [.. SubmissionBody.Types.Skip(1)]);
        sweeps.MapGet("/", ListAsync).WithName("ListSweeps").WithSummary("Sweeps, newest first");
        sweeps.MapGet("/{id}", GetAsync).WithName("GetSweep").WithSummary("One sweep, and where it stands").Refuses(StatusCodes.Status404NotFound);
        sweeps.MapGet("/{id}/history", HistoryAsync).WithName("GetSweepHistory").WithSummary("Every change of its state, oldest first").Refuses(StatusCodes.Status404NotFound);
        sweeps.MapPost("/{id}/cancel", CancelAsync).ForOperators().WithName("CancelSweep").WithSummary("End it for good; running trials are ended, their candidates taken away").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sweeps.MapPost("/{id}/pause", PauseAsync).ForOperators().WithName("PauseSweep").WithSummary("Start no further trial until it is resumed").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sweeps.MapPost("/{id}/resume", ResumeAsync).ForOperators().WithName("ResumeSweep").WithSummary("Go on with a paused sweep").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        sweeps.MapDelete("/{id}", DeleteAsync).ForOperators().WithName("DeleteSweep").WithSummary("Forget a sweep that has ended or is paused, with all its trials").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Created<SweepView>, Ok<SweepView>, Ok<PlanView>, ProblemHttpResult>> SubmitAsync(
        HttpContext context, SweepReception reception, MachineCapacity machine, Caller caller,
        [Description("Answers with the plan; nothing is stored.")] bool dryRun = false,
        [Description("Whose it shall be; where the key sees one project only, that one is meant.")] string? project = null,
        [Description("The same key again brings the same sweep: a submission can be repeated safely.")][FromHeader(Name = KeyHeader)] string? key = null,
        CancellationToken cancellationToken = default)
    {
        var into = project ?? caller.UsualProject;
        if (ProjectProblem(into, caller) is { } refused)
        {
            return refused;
        }

        if (key is { Length: 0 or > LongestKey })
        {
            return Problems.BadRequest($"{KeyHeader}: has {key.Length} characters. Send 1 to {LongestKey}.");
        }

        var (submitted, problem) = await SubmissionBody.ReadAsync(context.Request, cancellationToken);
        if (submitted is null)
        {
            return Problems.BadRequest(problem!);
        }

        var result = dryRun
            ? await reception.PlanAsync(submitted, into, cancellationToken)
            : await reception.SubmitAsync(submitted, into, key, cancellationToken);
        switch (result)
        {
            case SubmissionOutcome.Refused invalid:
                return Problems.Definition(invalid.FileName, invalid.Problems);
            case SubmissionOutcome.Planned planned:
                return TypedResults.Ok(PlanViews.Of(planned.Sweep, planned.Preview, machine, planned.Warnings));
            case SubmissionOutcome.Accepted accepted:
                AuditTrail.Note(context, accepted.Sweep.Id.Value, into);
                return TypedResults.Created($"{ApiRoutes.Root}/sweeps/{accepted.Sweep.Id}", SweepViews.Of(accepted.Sweep));
            case SubmissionOutcome.Known known:
                AuditTrail.Note(context, known.Sweep.Id.Value, into);
                return TypedResults.Ok(SweepViews.Of(known.Sweep));
            case SubmissionOutcome.KeyTaken taken:
                return Problems.Of(StatusCodes.Status422UnprocessableEntity, "idempotency-key-taken", "The key was used for another submission",
                    $"{KeyHeader} '{key}' belongs to sweep {taken.By.Id}, which was made of another submission. Send a new key.");
            default:
                throw new InvalidOperationException($"Unknown outcome {result.GetType().Name}.");
        }
    }

    /// <summary>Why a caller cannot put something into a project; null where they can.</summary>
    public static ProblemHttpResult? ProjectProblem(string project, Caller caller) =>
        !ProjectName.IsValid(project) ? Problems.BadRequest($"project: {ProjectName.Problem(project)}")
        : !caller.Sees(project) ? Problems.Forbidden($"This key does not see the project '{project}'. It sees: {string.Join(", ", caller.Projects)}.")
        : null;

    private static async Task<Results<Ok<Page<SweepView>>, ProblemHttpResult>> ListAsync(
        ISweepStore store, Caller caller,
        [Description("Any of these states.")] string[] state,
        [Description("Labels that it carries, all of them, each as name:value or name=value.")] string[] label,
        [Description("The name of the definition.")] string? name = null,
        [Description("Of this project.")] string? project = null,
        [Description(Paging.After)] string? after = null,
        [Description(Paging.Limit)] int limit = 50,
        CancellationToken cancellationToken = default)
    {
        var (query, problem) = SweepListing.Read(new SweepListing(state, label, name, project, after, limit), caller);
        if (query is null)
        {
            return Problems.BadRequest(problem!);
        }

        var page = await store.ListSweepsAsync(query, cancellationToken);
        return TypedResults.Ok(new Page<SweepView>([.. page.Sweeps.Select(SweepViews.Of)], page.Next?.ToString()));
    }

    private static async Task<Results<Ok<SweepView>, ProblemHttpResult>> GetAsync(string id, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        await sweeps.FindAsync(id, caller, cancellationToken) is { } found
            ? TypedResults.Ok(SweepViews.Of(found.Stored, found.Sweep, found.Trials))
            : Problems.NoSweep(id);

    private static async Task<Results<Ok<ImmutableArray<StateChangeView>>, ProblemHttpResult>> HistoryAsync(
        string id, ISweepStore store, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        await sweeps.StoredAsync(id, caller, cancellationToken) is { } stored
            ? TypedResults.Ok<ImmutableArray<StateChangeView>>([.. (await store.SweepHistoryAsync(stored.Id, cancellationToken)).Select(SweepViews.Of)])
            : Problems.NoSweep(id);

    private static Task<Results<Ok<SweepView>, Accepted<SweepView>, ProblemHttpResult>> CancelAsync(
        string id, HttpContext context, SweepControl control, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        AskAsync(id, "cancelled", context, sweeps, caller, (sweep, why) => control.CancelAsync(sweep, why, cancellationToken), cancellationToken);

    private static Task<Results<Ok<SweepView>, Accepted<SweepView>, ProblemHttpResult>> PauseAsync(
        string id, HttpContext context, SweepControl control, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        AskAsync(id, "paused", context, sweeps, caller, (sweep, why) => control.PauseAsync(sweep, why, cancellationToken), cancellationToken);

    private static Task<Results<Ok<SweepView>, Accepted<SweepView>, ProblemHttpResult>> ResumeAsync(
        string id, HttpContext context, SweepControl control, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        AskAsync(id, "resumed", context, sweeps, caller, (sweep, why) => control.ResumeAsync(sweep, why, cancellationToken), cancellationToken);

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, HttpContext context, SweepControl control, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return Problems.NoSweep(id);
        }

        AuditTrail.Note(context, id, stored.Project);
        var answer = await control.DeleteAsync(stored.Id, cancellationToken);
        return answer.Result switch
        {
            ControlResult.Done => TypedResults.NoContent(),
            ControlResult.Unknown => Problems.NoSweep(id),
            _ => Problems.Conflict(answer.Text),
        };
    }

    // 200: it is so now. 202: it is stored, and whoever runs the sweep will do it.
    private static async Task<Results<Ok<SweepView>, Accepted<SweepView>, ProblemHttpResult>> AskAsync(
        string id, string what, HttpContext context, SweepLookup sweeps, Caller caller, Func<SweepId, string, Task<ControlAnswer>> ask, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return Problems.NoSweep(id);
        }

        AuditTrail.Note(context, id, stored.Project);
        var answer = await ask(stored.Id, $"{what} by {caller.Name}");
        return answer switch
        {
            { Result: ControlResult.Done, Sweep: { } sweep } => TypedResults.Ok(SweepViews.Of(sweep)),
            { Result: ControlResult.Accepted, Sweep: { } sweep } => TypedResults.Accepted($"{ApiRoutes.Root}/sweeps/{id}", SweepViews.Of(sweep)),
            { Result: ControlResult.Refused } => Problems.Conflict(answer.Text),
            _ => Problems.NoSweep(id),
        };
    }
}
