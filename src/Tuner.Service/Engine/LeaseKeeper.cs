using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>
/// Renews one claim for as long as its sweep is being worked on, and tells the sweep's orders. Where it cannot renew, the
/// work is stopped well before another node may begin: <see cref="Lost"/> is cancelled, and so are the candidates.
/// </summary>
internal sealed class LeaseKeeper : IDisposable
{
    private readonly IClaimStore claims;
    private readonly SweepEngineOptions options;
    private readonly SweepClaim claim;
    private readonly RunningClock clock;
    private readonly SweepOrders orders;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource lost;
    private readonly SemaphoreSlim one = new(1);

    /// <param name="claimedAt">Timestamp from before the claim was made.</param>
    public LeaseKeeper(IClaimStore claims, SweepEngineOptions options, SweepClaim claim, RunningClock clock, SweepOrders orders, TimeProvider time, long claimedAt)
    {
        (this.claims, this.options, this.claim, this.clock, this.orders, this.time) = (claims, options, claim, clock, orders, time);
        lost = new CancellationTokenSource(Left(claimedAt), time);
    }

    public CancellationToken Lost => lost.Token;

    /// <summary>Runs until the token is cancelled or the claim is lost; a failing store is asked again and again.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && !lost.IsCancellationRequested)
        {
            await RenewAsync(cancellationToken);
            await Task.Delay(options.Beat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stores the running time up to now.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(CancellationToken.None);
        try
        {
            await RenewOnceAsync(cancellationToken);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        lost.Dispose();
        one.Dispose();
    }

    private async Task RenewOnceAsync(CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        var ran = clock.NotStored;
        try
        {
            if (await claims.RenewAsync(claim, options.Lease, ran, cancellationToken) is not { } answer)
            {
                await lost.CancelAsync();
                return;
            }

            clock.Stored(ran);

            // Counted from before it was sent: the lease cannot run out earlier than that.
            lost.CancelAfter(Left(sent));
            orders.Take(answer.Request, answer.Reason);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The store may come back before the lease runs out; if not, the timer ends the work.
        }
    }

    private TimeSpan Left(long since)
    {
        var left = options.Lease - options.Margin - time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
