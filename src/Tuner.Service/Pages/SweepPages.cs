using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Access;
using Tuner.Service.Api;
using Tuner.Service.Definitions;
using Tuner.Service.Pages.Building;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Html;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>What readers see: the list, one sweep, its trials, its report.</summary>
internal static class SweepPages
{
    private const int Listed = 50;

    public static void MapSweepPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/sweeps", ListAsync);
        pages.MapGet("/sweeps/{id}", OneAsync);
        pages.MapGet("/sweeps/{id}/live", FollowAsync).RequireRateLimiting(RateLimits.Streams);
        pages.MapGet("/sweeps/{id}/report", ReportAsync);
        pages.MapGet("/sweeps/{id}/report.html", FileAsync);
        pages.MapGet("/sweeps/{id}/trials/{number:int}", TrialAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ISweepStore store, SweepSnapshots snapshots, PageFrames frames, Caller caller, CancellationToken cancellationToken, string? state = null, string? name = null, string? after = null)
    {
        SweepState? wanted = Enum.TryParse<SweepState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        name = string.IsNullOrWhiteSpace(name) ? null : name.Trim();
        var page = await store.ListSweepsAsync(
            new SweepQuery { Projects = caller.Projects, States = wanted is { } only ? [only] : [], Name = name, After = SweepCursor.Parse(after), Limit = Listed },
            cancellationToken);
        var lines = new List<SweepLine>();
        var soon = snapshots.Soon(cancellationToken);
        foreach (var stored in page.Sweeps)
        {
            lines.Add(await SweepLines.OfAsync(stored, snapshots, soon, cancellationToken));
        }

        var next = page.Next is { } cursor ? $"/sweeps{QueryString.Create([KeyValuePair.Create("state", wanted?.ToString()), KeyValuePair.Create("name", name), KeyValuePair.Create<string, string?>("after", cursor.ToString())])}" : null;
        return await PageResult.OfAsync<SweepListPage>(new SweepListModel(frames.Of(context, "sweeps"), [.. lines], wanted, name, next));
    }

    private static async Task<IResult> OneAsync(
        string id, HttpContext context, ISweepStore store, SweepLookup sweeps, SweepSnapshots snapshots, LiveSweep live, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored || await sweeps.DefinitionAsync(stored, cancellationToken) is not { } sweep)
        {
            return await frames.NoSweepAsync(context, id);
        }

        return await PageResult.OfAsync<OneSweepPage>(await ModelAsync(frames.Of(context, "sweeps"), stored, sweep, store, snapshots, live, cancellationToken));
    }

    /// <summary>One sweep as it stands, or as much of it as is known soon.</summary>
    internal static async Task<OneSweepModel> ModelAsync(
        PageFrame frame, StoredSweep stored, Sweep sweep, ISweepStore store, SweepSnapshots snapshots, LiveSweep live, CancellationToken cancellationToken)
    {
        var definition = TrialViews.Hidden(sweep, SweepSubmission.FromJson((await store.SubmissionAsync(stored.Id, cancellationToken))!).Definition);
        if (await snapshots.GlanceAsync(stored.Id, snapshots.Soon(cancellationToken), cancellationToken) is not { } snapshot)
        {
            var outlines = await store.TrialOutlinesAsync(stored.Id, cancellationToken);
            return new OneSweepModel(frame, SweepStatusModels.Of(stored, sweep, outlines), SweepProgressModels.Of(stored, sweep, outlines), "", definition);
        }

        var status = await live.StatusAsync(snapshot, new Dictionary<int, TrialProgress>(), cancellationToken);
        var verdict = snapshot.Stored.HasEnded && snapshot.Stored.State is SweepState.Finished ? VerdictMarkup.Render(snapshot.Report, heading: 2).Text : "";
        return new OneSweepModel(frame, status, SweepProgressModels.Of(snapshot.Report), verdict, definition);
    }

    private static async Task<IResult> FollowAsync(string id, HttpContext context, SweepLookup sweeps, LiveSweep live, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(live.FollowAsync(stored.Id, cancellationToken));
    }

    private static async Task<IResult> ReportAsync(string id, HttpContext context, SweepLookup sweeps, SweepSnapshots snapshots, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return await frames.NoSweepAsync(context, id);
        }

        if (await snapshots.GlanceAsync(stored.Id, snapshots.Soon(cancellationToken), cancellationToken) is not { } snapshot)
        {
            return await ReadingAsync(context, frames, stored);
        }

        return await PageResult.OfAsync<DocumentPage>(new DocumentModel(
            frames.Of(context, "sweeps"),
            $"Report of {id}",
            [("The sweep", $"/sweeps/{id}"), ("As one file", $"/sweeps/{id}/report.html"), ("JSON", $"{ApiRoutes.Root}/sweeps/{id}/report"), ("Compare", $"/compare?right={Uri.EscapeDataString(id)}")],
            ReportHtml.Body(snapshot.Report).Text));
    }

    /// <summary>The report as it can be kept: one file, which forbids itself everything from elsewhere.</summary>
    private static async Task<IResult> FileAsync(string id, HttpContext context, SweepSnapshots snapshots, PageFrames frames, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, snapshots, caller, cancellationToken) is { } snapshot
            ? TypedResults.Text(ReportHtml.Write(snapshot.Report), "text/html", Encoding.UTF8)
            : await frames.NoSweepAsync(context, id);

    private static async Task<IResult> TrialAsync(
        string id, int number, HttpContext context, ISweepStore store, SweepLookup sweeps, SweepSnapshots snapshots, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return await frames.NoSweepAsync(context, id);
        }

        if (await snapshots.GlanceAsync(stored.Id, snapshots.Soon(cancellationToken), cancellationToken) is not { } snapshot)
        {
            return await ReadingAsync(context, frames, stored);
        }

        // A report is made when a trial begins or ends: one that began a moment ago may not be in it yet.
        return snapshot.Trials.FirstOrDefault(trial => trial.Number == number) is { } trial && snapshot.Report.Trials.Any(row => row.Number == number)
            ? await PageResult.OfAsync<TrialPage>(TrialModels.Of(frames.Of(context, "sweeps"), snapshot, trial, await store.TrialHistoryAsync(trial.Id, cancellationToken)))
            : await frames.ProblemAsync(context, StatusCodes.Status404NotFound, "No such trial", string.Create(CultureInfo.InvariantCulture, $"Sweep '{id}' has no trial {number}."), $"/sweeps/{id}");
    }

    /// <summary>A page that asks for itself again until the trials are read.</summary>
    private static Task<IResult> ReadingAsync(HttpContext context, PageFrames frames, StoredSweep stored)
    {
        context.Response.Headers["Refresh"] = "1";
        return PageResult.OfAsync<ProblemPage>(new ProblemModel(
            frames.Of(context, "sweeps"), $"Reading the trials of {stored.Id}", "The service has just started, and this sweep has very many. The page comes by itself as soon as all of them are read and judged.", $"/sweeps/{stored.Id}"));
    }

    internal static async Task<SweepSnapshot?> FindAsync(string id, SweepSnapshots snapshots, Caller caller, CancellationToken cancellationToken) =>
        await snapshots.FindAsync(new SweepId(id), cancellationToken) is { } snapshot && caller.Sees(snapshot.Stored.Project) ? snapshot : null;
}
