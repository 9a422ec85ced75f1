using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Pages.Building;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>
/// The moving parts of one sweep's page as server-sent events: the name of an event is the element that its markup
/// replaces. At most once a second, and only what has changed.
/// </summary>
public sealed class LiveSweep(SweepSnapshots snapshots, ISweepStore store, ProgressBus bus, TimeProvider time)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Ends when the sweep has come to another state: then the page is another one, and <c>changed</c> says so.</summary>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(SweepId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = bus.Subscribe(id);
        var glimpses = new Dictionary<int, TrialProgress>();
        var (status, progress) = ("", "");
        SweepState? began = null;
        while (await snapshots.FindAsync(id, cancellationToken) is { } snapshot)
        {
            Read(subscription, glimpses);
            var newStatus = await PageWriter.RenderAsync<SweepStatus>(await StatusAsync(snapshot, glimpses, cancellationToken));
            if (newStatus != status)
            {
                status = newStatus;
                yield return new SseItem<string>(status, "status");
            }

            var newProgress = await PageWriter.RenderAsync<SweepProgress>(SweepProgressModels.Of(snapshot.Report));
            if (newProgress != progress)
            {
                progress = newProgress;
                yield return new SseItem<string>(progress, "progress");
            }

            began ??= snapshot.Stored.State;
            if (snapshot.Stored.HasEnded || snapshot.Stored.State != began)
            {
                yield return new SseItem<string>(snapshot.Stored.State.ToString(), "changed");
                yield break;
            }

            await Task.Delay(Beat, time, cancellationToken);
        }
    }

    /// <summary>Where the sweep stands, with the reason for each trial that runs.</summary>
    public async Task<SweepStatusModel> StatusAsync(SweepSnapshot snapshot, IReadOnlyDictionary<int, TrialProgress> glimpses, CancellationToken cancellationToken)
    {
        var reasons = new Dictionary<int, string>();
        foreach (var trial in snapshot.Trials.Where(trial => !trial.HasEnded))
        {
            var history = await store.TrialHistoryAsync(trial.Id, cancellationToken);
            reasons[trial.Number] = history.IsEmpty ? "" : history[0].Reason;
        }

        return SweepStatusModels.Of(snapshot, glimpses, reasons);
    }

    private static void Read(ProgressSubscription subscription, Dictionary<int, TrialProgress> glimpses)
    {
        while (subscription.Events.TryRead(out var happened))
        {
            switch (happened)
            {
                case SweepEvent.TrialProgressed progressed:
                    glimpses[progressed.Trial.Number] = progressed.Progress;
                    break;
                case SweepEvent.TrialEnded ended:
                    glimpses.Remove(ended.Trial.Number);
                    break;
            }
        }
    }
}
