using Microsoft.Extensions.Logging;
using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.Search;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Gate;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Works on claimed sweeps: keeps the lease, obeys the orders, stores the end. The same for the service and for <c>tuner run</c>.</summary>
public sealed partial class SweepRuns(
    SweepStores stores, SweepPreparation preparation, ITrialRunners runners, NightlyGate gate, LeaseBeat beat, SweepEngineOptions options, ProgressBus bus, TimeProvider time, ILogger<SweepRuns> logger)
{
    /// <summary>Runs a claimed sweep until it ends, is paused, or is taken away.</summary>
    /// <param name="claimedAt">Timestamp from before the claim was made: the lease counts from then.</param>
    /// <param name="watcher">Hears of the progress beside the bus.</param>
    /// <returns>How the work ended; null where another node has the sweep now, or the store is out of reach.</returns>
    /// <exception cref="OperationCanceledException">It was stopped, nothing of it runs, and it is queued again.</exception>
    public async Task<SweepEnding?> RunAsync(SweepClaim claim, long claimedAt, ISweepObserver? watcher, CancellationToken cancellationToken)
    {
        SweepRunning(logger, claim.Id, claim.Fence, claim.TakenFrom is { } before ? $", taken over from {SweepClaim.Words(before)}" : "");
        bus.Publish(new SweepEvent.StateChanged(claim.Id, SweepState.Running, claim.TakenFrom is { } node ? $"taken over from {SweepClaim.Words(node)}" : "taken up"));
        SweepEnding? ending = null;
        try
        {
            ending = await KeptAsync(claim, claimedAt, new BusObserver(claim.Id, bus, watcher), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ending = await EndAsync(claim, new SweepEnding(SweepState.Queued, "the service was stopped while the sweep ran"));
            throw;
        }
        catch (Exception exception) when (exception is OperationCanceledException or LostClaimException || stores.Database.IsTransient(exception))
        {
            SweepLost(logger, claim.Id, claim.Fence, exception.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The job loop: a bug ends this sweep, not the service.
            SweepBroken(logger, claim.Id, exception);
            ending = await EndAsync(claim, new SweepEnding(SweepState.Failed, $"Tuner failed on it: {exception.GetType().Name}: {exception.Message}"));
        }
        finally
        {
            if (ending is not null)
            {
                SweepEnded(logger, claim.Id, ending.State, ending.Reason);
                bus.Publish(new SweepEvent.StateChanged(claim.Id, ending.State, ending.Reason));
            }
        }

        return ending;
    }

    private async Task<SweepEnding?> KeptAsync(SweepClaim claim, long claimedAt, ISweepObserver observer, CancellationToken cancellationToken)
    {
        var stored = await stores.Sweeps.FindSweepAsync(claim.Id, cancellationToken) ?? throw new LostClaimException(claim);
        var clock = new RunningClock(stored.Running, time);
        using var orders = new SweepOrders();
        using var keeper = new LeaseKeeper(options, claim, clock, orders, time, claimedAt);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, keeper.Lost);
        beat.Keep(keeper);

        // Whoever claimed the sweep can go on: what follows takes its time.
        await Task.Yield();
        try
        {
            if (await preparation.RefusalAsync(stored, stop.Token) is { } refusal)
            {
                // Paused, not failed: its trials stay, and the operator may allow it yet.
                return await EndAsync(claim, new SweepEnding(SweepState.Paused, refusal));
            }

            var (sweep, problem) = await preparation.PrepareAsync(stored, stop.Token);
            if (sweep is null)
            {
                return await EndAsync(claim, new SweepEnding(SweepState.Failed, problem));
            }

            var runner = sweep.Pool is { } pool ? new PooledTrialRunner(runners.For(sweep), stores.Slots, stores.Database, pool, claim, time) : runners.For(sweep);
            var executor = new SweepExecutor(stores.Sweeps, runner, SearchStrategies.Find(sweep.Search.Strategy)!, time);
            var work = new SweepWork
            {
                Claim = claim,
                Sweep = sweep,
                Clock = clock,
                Orders = orders,
                SeenAt = stored.SeenAt,
                Leaving = options.LeavesTrials ? stop.Token : keeper.Lost,
                History = await EarlierSweeps.ReadAsync(stores.Sweeps, stored, sweep, stop.Token),
                StoreRunningTime = () => beat.RenewAsync(keeper),
            };
            var ending = await executor.RunAsync(work, observer, stop.Token);
            await JudgeAsync(claim.Id, sweep);
            return ending;
        }
        finally
        {
            await beat.RenewAsync(keeper);
            await beat.ForgetAsync(keeper);
        }
    }

    /// <summary>What follows the end: a gate's night is judged, a first verified answer is accepted.</summary>
    private async Task JudgeAsync(SweepId id, Sweep sweep)
    {
        try
        {
            var stored = (await stores.Sweeps.FindSweepAsync(id, CancellationToken.None))!;
            if (await gate.JudgeAsync(stored, sweep, CancellationToken.None) is { } night)
            {
                GateJudged(logger, id, night.Report.Verdict, night.Report.Reason);
                bus.Publish(new SweepEvent.Noted(id, $"gate: {night.Report.Verdict}: {night.Report.Reason}"));
            }

            await gate.AcceptFirstAsync(stored, sweep, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The sweep has its answer; only the word on the night is missing.
            GateBroken(logger, id, exception);
        }
    }

    private async Task<SweepEnding?> EndAsync(SweepClaim claim, SweepEnding ending)
    {
        try
        {
            return await stores.Sweeps.EndWorkAsync(claim, ending.State, ending.Reason, ending.Stop, CancellationToken.None) ? ending : null;
        }
        catch (Exception exception) when (stores.Database.IsTransient(exception))
        {
            // The lease runs out by itself.
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep} is Running under number {Fence}{TakenOver}")]
    private static partial void SweepRunning(ILogger logger, SweepId sweep, long fence, string takenOver);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep} is {State}: {Reason}")]
    private static partial void SweepEnded(ILogger logger, SweepId sweep, SweepState state, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep}: the gate says {Verdict}: {Reason}")]
    private static partial void GateJudged(ILogger logger, SweepId sweep, GateVerdict verdict, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep}: the gate could not judge it")]
    private static partial void GateBroken(ILogger logger, SweepId sweep, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep} was given up under number {Fence}: {Reason}")]
    private static partial void SweepLost(ILogger logger, SweepId sweep, long fence, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep} failed")]
    private static partial void SweepBroken(ILogger logger, SweepId sweep, Exception exception);
}
