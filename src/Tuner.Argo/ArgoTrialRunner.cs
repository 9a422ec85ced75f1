using System.Collections.Concurrent;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Trials;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo;

/// <summary>
/// Runs trials on Kubernetes: each is an Argo Workflow that goes on while Tuner is away, and is found again under the
/// trial's name. A trial that waits holds no thread.
/// </summary>
public sealed class ArgoTrialRunner(ArgoOptions options) : ITrialRunner, IDisposable
{
    private readonly ConcurrentDictionary<string, string> running = new(StringComparer.Ordinal);
    private readonly Lazy<ClusterSession> session = new(() => new ClusterSession(options));
    private readonly Lock gate = new();
    private ITimer? reaping;

    /// <inheritdoc/>
    public bool PicksUp => true;

    /// <inheritdoc/>
    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        if (sweep.Target is not Target.Argo target)
        {
            throw new InvalidOperationException($"A target of kind {sweep.Target.GetType().Name} does not run on Kubernetes.");
        }

        var began = trial.State is TrialState.Pending or TrialState.Deploying or TrialState.Measuring && trial.CreatedAt < options.Time.GetUtcNow() ? trial.CreatedAt : options.Time.GetUtcNow();
        running[trial.Id.Value] = target.Namespace;
        try
        {
            var run = new TrialRun(session.Value, options, sweep, trial, observer);
            ReapNowAndThen();
            var state = await run.RunAsync(cancellationToken);
            return new TrialOutcome(state, options.Time.GetUtcNow() - began);
        }
        catch (ClusterAccessException exception)
        {
            return new TrialOutcome(new TrialState.Invalid(exception.Message, null), TimeSpan.Zero);
        }
        finally
        {
            running.TryRemove(trial.Id.Value, out _);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var place in options.Namespaces.Concat(running.Values).Distinct(StringComparer.Ordinal))
        {
            try
            {
                removed.AddRange(await new OrphanReaper(session.Value, options).ReapAsync(place, LiveAsync, cancellationToken));
            }
            catch (Exception exception) when (ClusterTrouble.Is(exception))
            {
                removed.Add($"what earlier trials may have left in namespace {place} could not be looked for: {exception.Message}");
            }
        }

        return removed;
    }

    public void Dispose() => reaping?.Dispose();

    private async Task<IReadOnlyCollection<string>> LiveAsync(CancellationToken cancellationToken) =>
        options.LiveTrials is null ? [.. running.Keys] : [.. running.Keys, .. await options.LiveTrials(cancellationToken)];

    private void ReapNowAndThen()
    {
        lock (gate)
        {
            reaping ??= options.Time.CreateTimer(_ => _ = RemoveLeftoversAsync(CancellationToken.None), null, options.ReapEvery, options.ReapEvery);
        }
    }
}
