using System.Runtime.CompilerServices;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Reports;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>
/// Follows a sweep for one reader. What counts is the stored state: it is read again after every event of this node and,
/// since another node may run the sweep, once a second. Glimpses of running trials come from this node's bus; a reader that
/// is too slow for them misses some, and delays nobody.
/// </summary>
public sealed class SweepWatch(ISweepStore store, SweepLibrary library, ProgressBus bus, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>First where the sweep and its trials stand now, then every change; ends once the sweep has ended or is gone.</summary>
    public async IAsyncEnumerable<SweepEventView> FollowAsync(SweepId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = bus.Subscribe(id);
        var told = new Told();
        while (await store.FindSweepAsync(id, cancellationToken) is { } stored && await library.FindAsync(id, cancellationToken) is { } sweep)
        {
            // The sweep is read before its trials: when it has ended, all of them have.
            var trials = await store.TrialsAsync(id, cancellationToken);
            foreach (var trial in trials.Where(told.IsNew))
            {
                yield return new SweepEventView { Kind = SweepEventView.TrialKind, Trial = TrialViews.Of(sweep, trial, trials) };
            }

            if (told.IsNew(stored, trials.Length))
            {
                yield return new SweepEventView { Kind = SweepEventView.SweepKind, Sweep = SweepViews.Of(stored, sweep, trials) };
            }

            if (stored.HasEnded)
            {
                yield break;
            }

            foreach (var glimpse in await GlimpsesAsync(subscription, sweep, cancellationToken))
            {
                yield return glimpse;
            }
        }
    }

    /// <summary>Waits for the next event or look; of several glimpses of a trial only the latest counts.</summary>
    private async Task<List<SweepEventView>> GlimpsesAsync(ProgressSubscription subscription, Sweep sweep, CancellationToken cancellationToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var event_ = subscription.Events.WaitToReadAsync(look.Token).AsTask();
        await Task.WhenAny(event_, Task.Delay(Look, time, look.Token));
        await look.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();

        var latest = new Dictionary<int, TrialProgress>();
        var result = new List<SweepEventView>();
        while (subscription.Events.TryRead(out var happened))
        {
            switch (happened)
            {
                case SweepEvent.TrialProgressed progressed:
                    latest[progressed.Trial.Number] = progressed.Progress;
                    break;
                case SweepEvent.TrialEnded ended:
                    latest.Remove(ended.Trial.Number);
                    break;
                case SweepEvent.Noted noted:
                    result.Add(new SweepEventView { Kind = SweepEventView.NoteKind, Note = SecretMask.Of(sweep).Text(noted.Message) });
                    break;
            }
        }

        result.AddRange(latest.Select(pair => new SweepEventView { Kind = SweepEventView.ProgressKind, Progress = Glimpse(pair.Key, pair.Value) }));
        return result;
    }

    private static TrialGlimpse Glimpse(int trial, TrialProgress progress) =>
        new(trial, progress.Step, progress.Share, progress.RatePerSecond, progress.P99?.TotalSeconds, progress.Errors);

    /// <summary>What the reader knows already.</summary>
    private sealed class Told
    {
        private readonly Dictionary<TrialId, string> trials = [];
        private (SweepState State, SweepRequest? Request, string Reason, int Trials)? sweep;

        public bool IsNew(Trial trial)
        {
            var known = trials.GetValueOrDefault(trial.Id);
            trials[trial.Id] = trial.State.Name;
            return !string.Equals(known, trial.State.Name, StringComparison.Ordinal);
        }

        public bool IsNew(StoredSweep stored, int count)
        {
            var now = (stored.State, stored.Request, stored.Reason, count);
            var isNew = sweep != now;
            sweep = now;
            return isNew;
        }
    }
}
