using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>
/// Renews the leases of all sweeps that this process works on: together, once a beat, on a thread of its own, so that
/// neither many sweeps nor a pool whose threads are all busy make a node lose what it works on.
/// </summary>
public sealed class LeaseBeat(IClaimStore claims, SweepEngineOptions options, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();
    private readonly List<LeaseKeeper> kept = [];
    private readonly AutoResetEvent wake = new(initialState: false);
    private readonly CancellationTokenSource stopped = new();
    private Thread? thread;

    /// <summary>Keeps the lease from now on, beginning with a first renewal at once.</summary>
    internal void Keep(LeaseKeeper keeper)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopped.IsCancellationRequested, this);
            kept.Add(keeper);
            if (thread is null)
            {
                thread = new Thread(Beat) { IsBackground = true, Name = "leases" };
                thread.Start();
            }

            wake.Set();
        }
    }

    /// <summary>Stores the running time up to now, beside the beat.</summary>
    internal async Task RenewAsync(LeaseKeeper keeper)
    {
        await keeper.Renewing.WaitAsync(CancellationToken.None);
        await RenewAsync([keeper], CancellationToken.None);
    }

    /// <summary>Lets go of it: the lease is not renewed any more once this has ended.</summary>
    internal Task ForgetAsync(LeaseKeeper keeper)
    {
        lock (gate)
        {
            kept.Remove(keeper);
        }

        return keeper.EndAsync();
    }

    public void Dispose()
    {
        Thread? beating;
        lock (gate)
        {
            if (stopped.IsCancellationRequested)
            {
                return;
            }

            stopped.Cancel();
            beating = thread;
        }

        wake.Set();
        beating?.Join();
        wake.Dispose();
        stopped.Dispose();
    }

    private void Beat()
    {
        while (!stopped.IsCancellationRequested)
        {
            List<LeaseKeeper> due;
            lock (gate)
            {
                // One that is being renewed beside the beat needs no second time.
                due = kept.FindAll(keeper => keeper.Renewing.Wait(0));
            }

            // Waited for here: on SQLite all of it happens on this thread, on PostgreSQL all but the sockets.
            RenewAsync(due, stopped.Token).GetAwaiter().GetResult();
            wake.WaitOne(options.Beat);
        }
    }

    /// <summary>Renews what is due of these, whose <see cref="LeaseKeeper.Renewing"/> is held, and lets them go.</summary>
    private async Task RenewAsync(List<LeaseKeeper> keepers, CancellationToken cancellationToken)
    {
        try
        {
            var sent = time.GetTimestamp();
            var due = keepers.ConvertAll(keeper => (Keeper: keeper, Renewal: keeper.Due())).FindAll(each => each.Renewal is not null);
            if (due.Count == 0)
            {
                return;
            }

            var answers = await claims.RenewAsync(due.ConvertAll(each => each.Renewal!), options.Lease, cancellationToken);
            foreach (var ((keeper, renewal), answer) in due.Zip(answers))
            {
                keeper.Take(answer, renewal!.RanFor, sent);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The store may come back before the leases run out; if not, each keeper's timer ends its work.
        }
        finally
        {
            keepers.ForEach(keeper => keeper.Renewing.Release());
        }
    }
}
