using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Service.Access;
using Tuner.Service.Api;
using Tuner.Service.Gate;
using Tuner.Service.Pages.Building;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports;
using Tuner.Service.Schedules;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>What runs again by itself, when, and what came of it; pause, resume and run now ask first.</summary>
internal static class SchedulePages
{
    private const int NextShown = 10;
    private const int NightsShown = 60;

    public static void MapSchedulePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/schedules", ListAsync);
        pages.MapGet("/schedules/{id}", OneAsync);
        foreach (var deed in new[] { ScheduleDeed.Pause, ScheduleDeed.Resume, ScheduleDeed.Run })
        {
            pages.MapGet($"/schedules/{{id}}/{deed.Word}", (string id, HttpContext context, ScheduleStore store, PageFrames frames, Caller caller, CancellationToken cancellationToken) =>
                AskAsync(deed, id, context, store, frames, caller, cancellationToken));
            pages.MapPost($"/schedules/{{id}}/{deed.Word}", (string id, HttpContext context, ScheduleStore store, ScheduledSweeps scheduled, PageFrames frames, Caller caller, CancellationToken cancellationToken) =>
                DoAsync(deed, id, context, store, scheduled, frames, caller, cancellationToken)).ForOperators().DisableAntiforgery();
        }
    }

    private static async Task<IResult> ListAsync(HttpContext context, ScheduleStore store, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        var lines = ImmutableArray.CreateBuilder<ScheduleLine>();
        foreach (var schedule in (await store.ListAsync(cancellationToken)).Where(schedule => caller.Sees(schedule.Project)))
        {
            lines.Add(new ScheduleLine(schedule, (await store.NightsAsync(schedule.Id, 1, cancellationToken)).FirstOrDefault()));
        }

        return await PageResult.OfAsync<SchedulesPage>(new SchedulesModel(frames.Of(context, "schedules"), lines.ToImmutable()));
    }

    private static async Task<IResult> OneAsync(
        string id, HttpContext context, ScheduleStore store, GateStore gate, StoredReports reports, TimeProvider time, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, store, caller, cancellationToken) is not { } schedule)
        {
            return await NoScheduleAsync(context, frames, id);
        }

        var accepted = await gate.AcceptedAsync(schedule.Project, schedule.Name, cancellationToken);
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add(ScheduledSweeps.Label, schedule.Id);
        return await PageResult.OfAsync<SchedulePage>(new ScheduleModel
        {
            Frame = frames.Of(context, "schedules"),
            Schedule = schedule,
            Next = [.. ScheduleViews.Times(schedule.Rule, time.GetUtcNow(), NextShown)],
            Nights = await store.NightsAsync(schedule.Id, NightsShown, cancellationToken),
            History = HistoryFigures.Of(await reports.HistoryAsync(schedule.Project, schedule.Name, labels, cancellationToken)),
            Accepted = accepted?.Candidate.Key,
            AcceptedFrom = accepted?.Sweep.Value,
        });
    }

    private static async Task<IResult> AskAsync(ScheduleDeed deed, string id, HttpContext context, ScheduleStore store, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        var frame = frames.Of(context, "schedules");
        return await FindAsync(id, store, caller, cancellationToken) is not { } schedule ? await NoScheduleAsync(context, frames, id)
            : !frame.CanOperate ? await frames.NotAllowedAsync(context, $"/schedules/{id}")
            : await PageResult.OfAsync<ConfirmPage>(new ConfirmModel(frame, $"{deed.Verb} {id}?", deed.Consequence(schedule), deed.Yes, $"/schedules/{id}/{deed.Word}", $"/schedules/{id}", IsDanger: false));
    }

    private static async Task<IResult> DoAsync(
        ScheduleDeed deed, string id, HttpContext context, ScheduleStore store, ScheduledSweeps scheduled, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, store, caller, cancellationToken) is not { } schedule)
        {
            return await NoScheduleAsync(context, frames, id);
        }

        AuditTrail.Note(context, id, schedule.Project);
        if (!await frames.IsOursAsync(context))
        {
            return await frames.NotOursAsync(context, $"/schedules/{id}");
        }

        return await deed.Do(scheduled, id, cancellationToken) is { } problem
            ? await frames.ProblemAsync(context, StatusCodes.Status409Conflict, "It could not be done", problem, $"/schedules/{id}")
            : TypedResults.Redirect($"/schedules/{id}");
    }

    private static Task<IResult> NoScheduleAsync(HttpContext context, PageFrames frames, string id) =>
        frames.ProblemAsync(context, StatusCodes.Status404NotFound, "No such schedule", $"There is no schedule '{id}', or it belongs to a project that you do not see.", "/schedules");

    private static async Task<StoredSchedule?> FindAsync(string id, ScheduleStore store, Caller caller, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } schedule && caller.Sees(schedule.Project) ? schedule : null;
}
