using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tuner.Core.Sweeps;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Claims sweeps and works on them, several at once, for as long as the service runs.</summary>
public sealed partial class SweepWorker(
    SweepStores stores, SweepRuns runs, ITrialRunners runners, SweepEngineOptions options, TimeProvider time, ILogger<SweepWorker> logger) : BackgroundService
{
    private string? trouble;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await RemoveLeftoversAsync(stoppingToken);
        var running = new Dictionary<SweepId, Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var (ended, _) in running.Where(pair => pair.Value.IsCompleted).ToList())
            {
                running.Remove(ended);
            }

            await ClaimAsync(running, stoppingToken);
            await Task.WhenAny([Task.Delay(options.Poll, time, stoppingToken), .. running.Values]);
        }

        await Task.WhenAll(running.Values);
    }

    private async Task ClaimAsync(Dictionary<SweepId, Task> running, CancellationToken cancellationToken)
    {
        try
        {
            await DeadNodes.EndLeasesAsync(stores.Claims, cancellationToken);
            if (trouble is not null)
            {
                trouble = null;
                CanClaim(logger);
            }

            if (await DeadNodes.ReleaseSlotsAsync(stores.Slots, cancellationToken) is > 0 and var slots)
            {
                SlotsFreed(logger, slots);
            }

            while (running.Count < options.MaxSweeps)
            {
                var claimedAt = time.GetTimestamp();
                if (await stores.Claims.ClaimNextAsync(options.Node, options.Lease, running.Keys, cancellationToken) is not { } claim)
                {
                    return;
                }

                // Begun here and not somewhere on the pool: its lease is kept before the next sweep is claimed.
                running.Add(claim.Id, RunAsync(claim, claimedAt, cancellationToken));
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // The job loop: the store may be back at the next look. Told when it changes, not at every look.
            if (!string.Equals(trouble, exception.Message, StringComparison.Ordinal))
            {
                trouble = exception.Message;
                CannotClaim(logger, trouble);
            }
        }
        catch (OperationCanceledException)
        {
            // The service is being stopped.
        }
    }

    private async Task RunAsync(SweepClaim claim, long claimedAt, CancellationToken cancellationToken)
    {
        try
        {
            await runs.RunAsync(claim, claimedAt, watcher: null, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stored as queued again.
        }
    }

    private async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        foreach (var leftover in await runners.RemoveLeftoversAsync(cancellationToken))
        {
            Removed(logger, leftover);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Left by an earlier run and removed: {Leftover}")]
    private static partial void Removed(ILogger logger, string leftover);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Slots} slots of ended processes of this host are free again")]
    private static partial void SlotsFreed(ILogger logger, int slots);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot look for sweeps to work on, and tries again: {Problem}")]
    private static partial void CannotClaim(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Looks for sweeps to work on again")]
    private static partial void CanClaim(ILogger logger);
}
