using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Tuner.Argo;
using Tuner.Argo.Trials;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Which runner deploys a sweep's candidates.</summary>
public interface ITrialRunners
{
    ITrialRunner For(Sweep sweep);

    /// <summary>Removes what killed runs on this machine left behind; returns what it removed, for the log.</summary>
    Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken);
}

/// <summary>The runner by the sweep's target.</summary>
public sealed class TrialRunners(SweepEngineOptions options, Database database, ISweepStore store, TimeProvider time) : ITrialRunners, IDisposable
{
    private readonly ConcurrentDictionary<string, ArgoTrialRunner> inClusters = new(StringComparer.Ordinal);
    private readonly LocalTrialRunner local = new(options.Local.EndEarly is null ? options.Local with { EndEarly = EndEarly } : options.Local);

    public ITrialRunner For(Sweep sweep) => sweep.Target is Target.Argo argo ? inClusters.GetOrAdd(argo.Namespace, InCluster) : local;

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => local.RemoveLeftoversAsync(cancellationToken);

    public void Dispose()
    {
        foreach (var runner in inClusters.Values)
        {
            runner.Dispose();
        }
    }

    private ArgoTrialRunner InCluster(string place) => new(new ArgoOptions
    {
        Access = options.Cluster,
        Owner = options.Installation ?? Environment.GetEnvironmentVariable("TUNER_INSTALLATION") ?? OwnerOf(database),
        Time = time,
        Namespaces = [place],
        LiveTrials = LiveTrialsAsync,
    });

    // Stores of different machines may have the same path.
    private static string OwnerOf(Database database) =>
        $"t-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(database is SqliteDatabase ? $"{Environment.MachineName}:{database.Name}" : database.Name)))[..12]}";

    private async Task<IReadOnlyCollection<string>> LiveTrialsAsync(CancellationToken cancellationToken)
    {
        var live = new HashSet<string>(StringComparer.Ordinal);
        var query = new SweepQuery { States = [SweepState.Queued, SweepState.Running, SweepState.Paused], Limit = SweepQuery.MaxLimit };
        while (true)
        {
            var page = await store.ListSweepsAsync(query, cancellationToken);
            foreach (var sweep in page.Sweeps)
            {
                live.UnionWith((await store.TrialsAsync(sweep.Id, cancellationToken)).Where(trial => !trial.HasEnded).Select(trial => trial.Id.Value));
            }

            if (page.Next is null)
            {
                return live;
            }

            query = query with { After = page.Next };
        }
    }

    private static Func<IReadOnlyList<Core.Measurements.PhaseMeasurement>, string?> EndEarly(Sweep sweep, Trial trial) =>
        Screening.EarlyEndOf(sweep, trial).Look;
}
