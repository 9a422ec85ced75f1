using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Sweeps;
using Tuner.Service.Access;
using Tuner.Service.Api;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>What its definition says runs again, and what came of it.</summary>
internal static class SchedulePages
{
    private const int LookedAt = 200;
    private const int ShownRuns = 5;

    public static void MapSchedulePages(this IEndpointRouteBuilder pages) => pages.MapGet("/schedules", ListAsync);

    private static async Task<IResult> ListAsync(HttpContext context, ISweepStore store, SweepLibrary library, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        var page = await store.ListSweepsAsync(new SweepQuery { Projects = caller.Projects, Limit = LookedAt }, cancellationToken);
        var lines = ImmutableArray.CreateBuilder<ScheduleLine>();
        foreach (var runs in page.Sweeps.GroupBy(sweep => (sweep.Project, sweep.Name)))
        {
            if (await library.FindAsync(runs.First().Id, cancellationToken) is { Schedule: { } schedule })
            {
                lines.Add(Line(runs.Key.Name, runs.Key.Project, schedule, [.. runs.Take(ShownRuns)]));
            }
        }

        return await PageResult.OfAsync<SchedulesPage>(new SchedulesModel(frames.Of(context, "schedules"), lines.ToImmutable()));
    }

    private static ScheduleLine Line(string name, string project, SweepSchedule schedule, ImmutableArray<StoredSweep> runs) => new(
        name,
        project == StoredSweep.DefaultProject ? "" : $"project {project}",
        $"{schedule.Cron} ({schedule.TimeZone})",
        [],
        [.. runs.Select(run => (run.Id.Value, $"{run.State.ToString().ToLowerInvariant()}: {run.Reason}"))]);
}
