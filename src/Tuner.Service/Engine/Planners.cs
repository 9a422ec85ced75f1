using Tuner.Core.Planning;

namespace Tuner.Service.Engine;

/// <summary>
/// Works out next steps beside the pool's threads. A suggestion takes up to seconds of a core; on the pool, a few hundred
/// sweeps that plan at once would keep everything else from its turn: answers, timers, the ends of candidates.
/// </summary>
internal static class Planners
{
    // One for each core: more would only take the time from each other. Whoever waits longest is next.
    private static readonly SemaphoreSlim Cores = new(Environment.ProcessorCount);

    public static async Task<SweepStep> PlanAsync(Func<SweepStep> plan, CancellationToken cancellationToken)
    {
        await Cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Factory.StartNew(plan, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
        finally
        {
            Cores.Release();
        }
    }
}
