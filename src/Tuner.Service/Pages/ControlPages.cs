using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Sweeps;
using Tuner.Service.Access;
using Tuner.Service.Api;
using Tuner.Service.Engine;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;

namespace Tuner.Service.Pages;

/// <summary>Pause, resume and cancel: a question first, then the deed.</summary>
internal static class ControlPages
{
    public static void MapControlPages(this IEndpointRouteBuilder pages)
    {
        foreach (var deed in new[] { Deed.Pause, Deed.Resume, Deed.Cancel })
        {
            pages.MapGet($"/sweeps/{{id}}/{deed.Word}", (string id, HttpContext context, SweepLookup sweeps, PageFrames frames, Caller caller, CancellationToken cancellationToken) =>
                AskAsync(deed, id, context, sweeps, frames, caller, cancellationToken));
            pages.MapPost($"/sweeps/{{id}}/{deed.Word}", (string id, HttpContext context, SweepLookup sweeps, SweepSnapshots snapshots, SweepControl control, PageFrames frames, Caller caller, CancellationToken cancellationToken) =>
                DoAsync(deed, id, context, sweeps, snapshots, control, frames, caller, cancellationToken)).ForOperators().DisableAntiforgery();
        }
    }

    private static async Task<IResult> AskAsync(Deed deed, string id, HttpContext context, SweepLookup sweeps, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        var frame = frames.Of(context, "sweeps");
        return await sweeps.StoredAsync(id, caller, cancellationToken) is null ? await frames.NoSweepAsync(context, id)
            : !frame.CanOperate ? await frames.NotAllowedAsync(context, $"/sweeps/{id}")
            : await PageResult.OfAsync<ConfirmPage>(new ConfirmModel(frame, $"{deed.Verb} {id}?", deed.Consequence, deed.Yes, $"/sweeps/{id}/{deed.Word}", $"/sweeps/{id}", deed == Deed.Cancel));
    }

    private static async Task<IResult> DoAsync(
        Deed deed, string id, HttpContext context, SweepLookup sweeps, SweepSnapshots snapshots, SweepControl control, PageFrames frames, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.StoredAsync(id, caller, cancellationToken) is not { } stored)
        {
            return await frames.NoSweepAsync(context, id);
        }

        AuditTrail.Note(context, id, stored.Project);
        if (!await frames.IsOursAsync(context))
        {
            return await frames.NotOursAsync(context, $"/sweeps/{id}");
        }

        var answer = await deed.Do(control, stored.Id, $"{deed.Done} by {caller.Name}", cancellationToken);
        snapshots.Forget(stored.Id);
        return answer.Result is ControlResult.Done or ControlResult.Accepted
            ? TypedResults.Redirect($"/sweeps/{id}")
            : await frames.ProblemAsync(context, StatusCodes.Status409Conflict, "The sweep's state does not allow it", answer.Text, $"/sweeps/{id}");
    }

    private sealed record Deed(string Word, string Verb, string Done, string Yes, string Consequence, Func<SweepControl, SweepId, string, CancellationToken, Task<ControlAnswer>> Do)
    {
        public static Deed Pause { get; } = new(
            "pause", "Pause", "paused", "Pause it", "The trial that runs is measured to its end, then no further one is begun until the sweep is resumed.",
            (control, id, reason, cancellationToken) => control.PauseAsync(id, reason, cancellationToken));

        public static Deed Resume { get; } = new(
            "resume", "Resume", "resumed", "Resume it", "The sweep goes on where it was.",
            (control, id, reason, cancellationToken) => control.ResumeAsync(id, reason, cancellationToken));

        public static Deed Cancel { get; } = new(
            "cancel", "Cancel", "cancelled", "Cancel it for good", "The trial that runs is ended and its candidate taken away. A cancelled sweep cannot go on; what it has measured stays.",
            (control, id, reason, cancellationToken) => control.CancelAsync(id, reason, cancellationToken));
    }
}
