using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;
using Tuner.Service.Access;
using Tuner.Service.Api;
using Tuner.Service.Pages.Building;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports;
using Tuner.Service.Schedules;
using Tuner.Service.Submitting;

namespace Tuner.Service.Pages;

/// <summary>A definition is written, checked and planned before anything starts.</summary>
internal static class SubmitPages
{
    private const string Page = "/submit";
    private const string Kept = "kept:";
    private const string FileName = "sweep.yaml";

    private const string Example = """
        target:
          process:
            command: [./my-server, --port, "{{port}}", --workers, "{{workers}}"]
            readiness: { path: /healthz }
        parameters:
          workers:      { values: [1, 2, 4] }
          instanceType: { values: [sample-half, sample-one] }
        baseline: { workers: 1, instanceType: sample-one }
        load:
          request: { method: POST, path: /predict, bodyFiles: [ request.json ] }
          phases: [ { rate: 100/s, duration: 20s } ]
        slos:
          - p99 latency <= 100ms
          - error rate <= 1%

        """;

    public static void MapSubmitPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Page, ShowAsync);
        pages.MapPost(Page, TakeAsync).ForOperators().DisableAntiforgery();
    }

    private static async Task<IResult> ShowAsync(HttpContext context, PageFrames frames, Caller caller)
    {
        var frame = frames.Of(context, "submit");
        return frame.CanOperate
            ? await PageResult.OfAsync<SubmitPage>(new SubmitModel { Frame = frame, Definition = Example, Project = caller.UsualProject })
            : await frames.NotAllowedAsync(context, "/sweeps");
    }

    private static async Task<IResult> TakeAsync(
        HttpContext context, SweepReception reception, ScheduledSweeps scheduled, MachineCapacity machine, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        if (!await frames.IsOursAsync(context))
        {
            return await frames.NotOursAsync(context, Page);
        }

        var form = await context.Request.ReadFormAsync(cancellationToken);
        var model = new SubmitModel
        {
            Frame = frames.Of(context, "submit"),
            Definition = form["definition"].ToString().ReplaceLineEndings("\n"),
            Project = form["project"].ToString() is { Length: > 0 } project ? project : caller.UsualProject,
            Files = await FilesAsync(form, cancellationToken),
        };
        if (Refusal(model, caller) is { } refusal)
        {
            return await AnswerAsync(model with { Summary = refusal, Problems = [new DefinitionProblem(ProblemSeverity.Error, "", 1, 1, refusal)] });
        }

        var submitted = new SubmittedSweep(FileName, model.Definition, Bytes(model.Files));
        if (form["action"] == "start")
        {
            switch (await reception.SubmitAsync(submitted, model.Project, null, cancellationToken))
            {
                case SubmissionOutcome.Accepted accepted:
                    AuditTrail.Note(context, accepted.Sweep.Id.Value, model.Project);
                    return TypedResults.Redirect($"/sweeps/{accepted.Sweep.Id}");
                case SubmissionOutcome.Refused refused:
                    return await AnswerAsync(Refused(model, refused.Problems));
            }
        }

        if (form["action"] == "schedule" && await reception.AdmitAsync(submitted, model.Project, cancellationToken) is { IsValid: true, Sweep.Schedule: not null } reading)
        {
            var schedule = await scheduled.PutAsync(reading, model.Project, cancellationToken);
            AuditTrail.Note(context, schedule.Id, model.Project);
            return TypedResults.Redirect($"/schedules/{schedule.Id}");
        }

        return await reception.PlanAsync(submitted, model.Project, cancellationToken) switch
        {
            SubmissionOutcome.Planned planned => await AnswerAsync(model with
            {
                Problems = [.. planned.Warnings],
                Plan = PlanModels.Of(planned.Sweep, planned.Preview, machine),
                HasSchedule = planned.Sweep.Schedule is not null,
                Summary = planned.Preview.Impossible is null ? $"The definition of {planned.Sweep.Name} is right. Nothing has started; the plan is below." : $"The definition is right, and nothing of it can be measured. {planned.Preview.Impossible}",
            }),
            SubmissionOutcome.Refused refused => await AnswerAsync(Refused(model, refused.Problems)),
            _ => throw new InvalidOperationException("A plan is planned or refused."),
        };
    }

    private static string? Refusal(SubmitModel model, Caller caller) =>
        !ProjectName.IsValid(model.Project) ? $"project: {ProjectName.Problem(model.Project)}"
        : !caller.Sees(model.Project) ? $"Your key does not see the project '{model.Project}'. It sees: {string.Join(", ", caller.Projects)}."
        : model.Files.Keys.FirstOrDefault(name => name.Split('/', '\\').Any(part => part is "" or "." or "..")) is { } bad ? $"'{bad}' is no name of a file beside the definition."
        : null;

    private static SubmitModel Refused(SubmitModel model, ImmutableArray<DefinitionProblem> problems)
    {
        var errors = problems.Count(problem => problem.IsError);
        return model with { Problems = problems, Summary = $"The definition has {Words.Counted(errors, "error")}; each stands at its line below. Nothing was started." };
    }

    private static Task<IResult> AnswerAsync(SubmitModel model) =>
        PageResult.OfAsync<SubmitPage>(model, model.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static async Task<ImmutableSortedDictionary<string, string>> FilesAsync(IFormCollection form, CancellationToken cancellationToken)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in form.Where(field => field.Key.StartsWith(Kept, StringComparison.Ordinal)))
        {
            files[name[Kept.Length..]] = value.ToString();
        }

        foreach (var file in form.Files.Where(file => file.FileName.Length > 0))
        {
            using var content = new MemoryStream();
            await file.CopyToAsync(content, cancellationToken);
            files[file.FileName] = Convert.ToBase64String(content.ToArray());
        }

        return files.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Bytes(ImmutableSortedDictionary<string, string> files) =>
        files.ToImmutableSortedDictionary(pair => pair.Key, pair => new ReadOnlyMemory<byte>(Decoded(pair.Value)), StringComparer.Ordinal);

    /// <summary>What no page of ours has sent is taken as text.</summary>
    private static byte[] Decoded(string content)
    {
        var bytes = new byte[content.Length];
        return Convert.TryFromBase64String(content, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(content);
    }
}
