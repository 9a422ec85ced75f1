using System.Collections.Immutable;
using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Core.Definitions;
using Tuner.Service.Access;
using Tuner.Service.Schedules;
using Tuner.Service.Submitting;

namespace Tuner.Service.Api;

/// <summary>Sweeps that run again and again: make, change, read, and what may be asked of one.</summary>
internal static class SchedulesApi
{
    private const int Most = 500;

    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        var schedules = api.MapGroup("/schedules").WithTags("Schedules");
        schedules.MapPost("/", CreateAsync).ForOperators().WithName("CreateSchedule").WithSummary("Run a sweep again and again, as its definition's schedule says; the schedule of the same name is changed")
            .Refuses(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity)
            .Accepts<SweepSubmissionBody>(SubmissionBody.Types[0], [.. SubmissionBody.Types.Skip(1)]);
        schedules.MapGet("/", ListAsync).WithName("ListSchedules").WithSummary("Schedules, by project and name");
        schedules.MapGet("/{id}", GetAsync).WithName("GetSchedule").WithSummary("One schedule, and when it is due").Refuses(StatusCodes.Status404NotFound);
        schedules.MapPatch("/{id}", ChangeAsync).ForOperators().WithName("ChangeSchedule").WithSummary("Change when and how it runs; what is left out stays as it is").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status422UnprocessableEntity);
        schedules.MapPost("/{id}/pause", PauseAsync).ForOperators().WithName("PauseSchedule").WithSummary("Start no further run until it is resumed").Refuses(StatusCodes.Status404NotFound);
        schedules.MapPost("/{id}/resume", ResumeAsync).ForOperators().WithName("ResumeSchedule").WithSummary("Go on with the next time from now").Refuses(StatusCodes.Status404NotFound);
        schedules.MapPost("/{id}/run", RunAsync).ForOperators().WithName("RunSchedule").WithSummary("Start its sweep now, whatever is due or going").Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        schedules.MapGet("/{id}/next", NextAsync).WithName("GetScheduleTimes").WithSummary("When it is due next, soonest first; of a paused one, when it would be").Refuses(StatusCodes.Status404NotFound);
        schedules.MapGet("/{id}/history", HistoryAsync).WithName("GetScheduleHistory").WithSummary("What became of its runs, with the gate's verdicts, newest first").Refuses(StatusCodes.Status404NotFound);
        schedules.MapDelete("/{id}", DeleteAsync).ForOperators().WithName("DeleteSchedule").WithSummary("Forget it and its history; the sweeps that it started stay").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Created<ScheduleView>, Ok<ScheduleView>, ProblemHttpResult>> CreateAsync(
        HttpContext context, SweepReception reception, ScheduledSweeps scheduled, ScheduleStore store, Caller caller,
        [Description("Whose it shall be; where the key sees one project only, that one is meant.")] string? project = null,
        CancellationToken cancellationToken = default)
    {
        var into = project ?? caller.UsualProject;
        if (SweepsApi.ProjectProblem(into, caller) is { } refused)
        {
            return refused;
        }

        var (submitted, problem) = await SubmissionBody.ReadAsync(context.Request, cancellationToken);
        if (submitted is null)
        {
            return Problems.BadRequest(problem!);
        }

        var reading = await reception.AdmitAsync(submitted, into, cancellationToken);
        if (!reading.IsValid)
        {
            return Problems.Definition(submitted.FileName, reading.Problems);
        }

        if (reading.Sweep.Schedule is null)
        {
            return Problems.Definition(submitted.FileName, [new DefinitionProblem(ProblemSeverity.Error, "schedule", 0, 0, "is missing. Write one such as: schedule: { cron: \"0 2 * * *\", timeZone: Europe/London }")]);
        }

        var isNew = await store.FindAsync(ScheduledSweeps.IdOf(into, reading.Sweep.Name), cancellationToken) is null;
        var schedule = await scheduled.PutAsync(reading, into, cancellationToken);
        AuditTrail.Note(context, schedule.Id, into);
        var view = ScheduleViews.Of(schedule);
        return isNew ? TypedResults.Created($"{ApiRoutes.Root}/schedules/{Uri.EscapeDataString(schedule.Id)}", view) : TypedResults.Ok(view);
    }

    private static async Task<Ok<ScheduleView[]>> ListAsync(
        ScheduleStore store, Caller caller, [Description("Of this project.")] string? project = null, CancellationToken cancellationToken = default) =>
        TypedResults.Ok((await store.ListAsync(cancellationToken))
            .Where(schedule => caller.Sees(schedule.Project) && (project is null || string.Equals(schedule.Project, project, StringComparison.Ordinal)))
            .Select(ScheduleViews.Of)
            .ToArray());

    private static async Task<Results<Ok<ScheduleView>, ProblemHttpResult>> GetAsync(string id, ScheduleStore store, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, store, caller, cancellationToken) is { } schedule ? TypedResults.Ok(ScheduleViews.Of(schedule)) : Problems.NoSchedule(id);

    private static Task<Results<Ok<ScheduleView>, ProblemHttpResult>> PauseAsync(
        string id, HttpContext context, ScheduledSweeps scheduled, ScheduleStore store, Caller caller, CancellationToken cancellationToken) =>
        ChangeAsync(id, new ScheduleChange { Paused = true }, context, scheduled, store, caller, cancellationToken);

    private static Task<Results<Ok<ScheduleView>, ProblemHttpResult>> ResumeAsync(
        string id, HttpContext context, ScheduledSweeps scheduled, ScheduleStore store, Caller caller, CancellationToken cancellationToken) =>
        ChangeAsync(id, new ScheduleChange { Paused = false }, context, scheduled, store, caller, cancellationToken);

    private static async Task<Results<Ok<ScheduleView>, ProblemHttpResult>> ChangeAsync(
        string id, ScheduleChange change, HttpContext context, ScheduledSweeps scheduled, ScheduleStore store, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, store, caller, cancellationToken) is not { } schedule)
        {
            return Problems.NoSchedule(id);
        }

        AuditTrail.Note(context, id, schedule.Project);
        var (rule, errors) = ScheduleChanges.Read(schedule.Rule, change);
        if (!errors.IsEmpty)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "invalid-schedule", "The schedule cannot be changed like this", string.Join(' ', errors.Select(error => $"{error.Path}: {error.Message}")), errors);
        }

        return await scheduled.ChangeAsync(schedule, rule, change.Paused ?? schedule.Paused, cancellationToken) is { } changed
            ? TypedResults.Ok(ScheduleViews.Of(changed))
            : Problems.NoSchedule(id);
    }

    private static async Task<Results<Accepted<ScheduleRunView>, ProblemHttpResult>> RunAsync(
        string id, HttpContext context, ScheduledSweeps scheduled, ScheduleStore store, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, store, caller, cancellationToken) is not { } schedule)
        {
            return Problems.NoSchedule(id);
        }

        AuditTrail.Note(context, id, schedule.Project);
        return await scheduled.RunNowAsync(id, cancellationToken) switch
        {
            null => Problems.NoSchedule(id),
            { Sweep: { } sweep } run => TypedResults.Accepted($"{ApiRoutes.Root}/sweeps/{sweep}", ScheduleViews.Of(run)),
            { Reason: var reason } => Problems.Conflict($"The sweep of schedule '{id}' can no longer be made: {reason} Submit its definition again."),
        };
    }

    private static async Task<Results<Ok<ScheduleTime[]>, ProblemHttpResult>> NextAsync(
        string id, ScheduleStore store, Caller caller, TimeProvider time, [Description("How many, 1 to 500.")] int count = 10, CancellationToken cancellationToken = default)
    {
        if (count is < 1 or > Most)
        {
            return Problems.BadRequest($"count: {count} is out of range. Write 1 to {Most}.");
        }

        return await FindAsync(id, store, caller, cancellationToken) is { } schedule
            ? TypedResults.Ok(ScheduleViews.Times(schedule.Rule, time.GetUtcNow(), count))
            : Problems.NoSchedule(id);
    }

    private static async Task<Results<Ok<ImmutableArray<ScheduleRunView>>, ProblemHttpResult>> HistoryAsync(
        string id, ScheduleStore store, Caller caller, [Description(Paging.Limit)] int limit = 50, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > Most)
        {
            return Problems.BadRequest($"limit: {limit} is out of range. Write 1 to {Most}.");
        }

        return await FindAsync(id, store, caller, cancellationToken) is { } schedule
            ? TypedResults.Ok<ImmutableArray<ScheduleRunView>>([.. (await store.NightsAsync(schedule.Id, limit, cancellationToken)).Select(ScheduleViews.Of)])
            : Problems.NoSchedule(id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, HttpContext context, ScheduleStore store, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, store, caller, cancellationToken) is not { } schedule)
        {
            return Problems.NoSchedule(id);
        }

        AuditTrail.Note(context, id, schedule.Project);
        return await store.DeleteAsync(schedule.Id, cancellationToken) ? TypedResults.NoContent() : Problems.NoSchedule(id);
    }

    // One of a project that the caller does not see is not there.
    private static async Task<StoredSchedule?> FindAsync(string id, ScheduleStore store, Caller caller, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } schedule && caller.Sees(schedule.Project) ? schedule : null;
}
