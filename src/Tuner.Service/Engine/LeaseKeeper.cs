using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>
/// One claim for as long as its sweep is being worked on, and the sweep's orders with it; <see cref="LeaseBeat"/> renews it.
/// Where that fails, the work is stopped well before another node may begin: <see cref="Lost"/> is cancelled, and so are
/// the candidates.
/// </summary>
internal sealed class LeaseKeeper : IDisposable
{
    private readonly SweepEngineOptions options;
    private readonly SweepClaim claim;
    private readonly RunningClock clock;
    private readonly SweepOrders orders;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource lost;
    private bool ended;

    /// <param name="claimedAt">Timestamp from before the claim was made.</param>
    public LeaseKeeper(SweepEngineOptions options, SweepClaim claim, RunningClock clock, SweepOrders orders, TimeProvider time, long claimedAt)
    {
        (this.options, this.claim, this.clock, this.orders, this.time) = (options, claim, clock, orders, time);
        lost = new CancellationTokenSource(Left(claimedAt), time);
    }

    public CancellationToken Lost => lost.Token;

    /// <summary>Held while the claim is being renewed: no time is stored twice.</summary>
    public SemaphoreSlim Renewing { get; } = new(1);

    /// <summary>What there is to store; null once there is nothing to keep any more. The caller holds <see cref="Renewing"/>.</summary>
    public LeaseRenewal? Due() => ended || lost.IsCancellationRequested ? null : new LeaseRenewal(claim, clock.NotStored);

    /// <summary>Takes the store's answer. The caller holds <see cref="Renewing"/>.</summary>
    /// <param name="sent">Timestamp from before it was asked: the lease cannot run out earlier than counted from there.</param>
    public void Take(LeaseAnswer? answer, TimeSpan ran, long sent)
    {
        if (answer is null)
        {
            // Not waited for: what ends with the claim must not hold up the claims of other sweeps.
            _ = lost.CancelAsync();
            return;
        }

        clock.Stored(ran);
        lost.CancelAfter(Left(sent));
        orders.Take(answer.Request, answer.Reason);
    }

    /// <summary>Ends the keeping, and waits for a renewal that is under way.</summary>
    public async Task EndAsync()
    {
        await Renewing.WaitAsync(CancellationToken.None);
        ended = true;
        Renewing.Release();
    }

    public void Dispose() => lost.Dispose();

    private TimeSpan Left(long since)
    {
        var left = options.Lease - options.Margin - time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
