namespace Tuner.Service.Storage;

/// <summary>
/// Which leases have stood still, as this process saw it by a clock that never jumps: a node that renews its lease changes
/// it with every beat, whatever the clock reads that the lease is written in. Another node's lease has run out when it did
/// not change for as long as it lasts.
/// </summary>
internal sealed class LeaseWatch(TimeProvider time)
{
    private readonly Lock gate = new();
    private Dictionary<string, Seen> seen = [];

    /// <summary>Takes a look at all leases that are held, and tells those that did not change for so long.</summary>
    public IReadOnlyList<HeldLease> Silent(IEnumerable<HeldLease> held, TimeSpan lease)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            var looked = new Dictionary<string, Seen>(StringComparer.Ordinal);
            foreach (var each in held)
            {
                looked[each.Id] = seen.TryGetValue(each.Id, out var before) && before.Lease == each ? before : new Seen(each, now);
            }

            seen = looked;
            return [.. looked.Values.Where(each => time.GetElapsedTime(each.Since, now) > lease).Select(each => each.Lease)];
        }
    }

    private sealed record Seen(HeldLease Lease, long Since);
}

/// <summary>A lease as it is stored; it is another one whenever it is renewed.</summary>
internal sealed record HeldLease(string Id, long Fence, long Until);
