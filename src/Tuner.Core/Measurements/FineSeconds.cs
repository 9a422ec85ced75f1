namespace Tuner.Core.Measurements;

/// <summary>
/// From what <see cref="CoarseSeconds"/> kept to a histogram for each second: the requests of a block go to its seconds by
/// their number, and each coarse bucket's to its fine ones as the whole phase has them. Nothing is lost and nothing is made up:
/// the seconds together are the phase's own histogram.
/// </summary>
internal static class FineSeconds
{
    /// <param name="groups">For every coarse bucket in ascending order, the requests of each block.</param>
    /// <param name="counts">The requests of each second.</param>
    /// <returns>Null for a second without requests.</returns>
    public static LatencyHistogram?[] Of(LatencyHistogram total, (int Group, long[] Blocks)[] groups, long[] counts, (int First, int Length)[] blocks, Coarseness coarseness)
    {
        var fine = total.Buckets().ToLookup(filled => coarseness.Group(filled.Bucket));
        var pools = groups.Select(group => (Buckets: fine[group.Group].Select(filled => filled.Bucket).ToArray(), Pool: new Allotment([.. fine[group.Group].Select(filled => filled.Count)]))).ToArray();
        var seconds = new List<(int Bucket, long Count)>[counts.Length];
        var (ofGroups, ofBuckets) = (new long[groups.Length], new long[pools.Select(pool => pool.Buckets.Length).DefaultIfEmpty().Max()]);
        foreach (var (number, block) in blocks.Index())
        {
            var shared = new Allotment([.. groups.Select(group => group.Blocks[number])]);
            for (var second = block.First; second < block.First + block.Length; second++)
            {
                shared.Draw(counts[second], ofGroups);
                seconds[second] = Filled(pools, ofGroups, ofBuckets);
            }
        }

        return Exact(total, seconds);
    }

    private static List<(int Bucket, long Count)> Filled((int[] Buckets, Allotment Pool)[] pools, long[] ofGroups, long[] drawn)
    {
        var filled = new List<(int Bucket, long Count)>();
        foreach (var (group, (buckets, pool)) in pools.Index())
        {
            if (ofGroups[group] == 0)
            {
                continue;
            }

            pool.Draw(ofGroups[group], drawn);
            for (var index = 0; index < buckets.Length; index++)
            {
                if (drawn[index] > 0)
                {
                    filled.Add((buckets[index], drawn[index]));
                }
            }
        }

        return filled;
    }

    /// <summary>With the sum, the smallest and the largest of the phase: a bucket's middle is a little beside what was recorded.</summary>
    private static LatencyHistogram?[] Exact(LatencyHistogram total, List<(int Bucket, long Count)>[] seconds)
    {
        var (sum, min, max) = total.Exact;
        var sums = seconds.Select(second => second.Sum(filled => LatencyHistogram.MidpointOf(filled.Bucket) * filled.Count)).ToArray();
        var scale = sums.Sum() is > 0 and var middles ? (double)sum / middles : 1;
        var last = Array.FindLastIndex(seconds, second => second.Count > 0);
        var histograms = new LatencyHistogram?[seconds.Length];
        Int128 given = 0;
        for (var index = 0; index <= last; index++)
        {
            if (seconds[index] is not { Count: > 0 } filled)
            {
                continue;
            }

            var part = index == last ? sum - given : (Int128)(sums[index] * scale);
            given += part;
            histograms[index] = LatencyHistogram.Restore(filled, part, Known(filled[0].Bucket, min), Known(filled[^1].Bucket, max));
        }

        return histograms;
    }

    private static long Known(int bucket, long value) => bucket == LatencyHistogram.BucketOf(value) ? value : (long)LatencyHistogram.MidpointOf(bucket);
}
