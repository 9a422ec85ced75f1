namespace Tuner.Core.Measurements;

/// <summary>
/// Counts of latencies in log-linear buckets: 512 buckets per octave of nanoseconds, so that a reported value is within
/// 0.1 % of the recorded one from 1 microsecond to 1 hour; longer values are recorded as 1 hour. Mergeable; buckets are
/// kept in pages that exist only where something was recorded. Not thread-safe.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 9;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int PageBits = 6;
    private const int PageSize = 1 << PageBits;
    private const long MaxNanoseconds = 3_600_000_000_000;
    private static readonly int BucketCount = BucketOf(MaxNanoseconds) + 1;

    private readonly long[]?[] pages = new long[]?[(BucketCount >> PageBits) + 1];
    private double sumNanoseconds;

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public TimeSpan Min { get; private set; } = TimeSpan.MaxValue;

    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : FromNanoseconds(sumNanoseconds / Count);

    public void Record(TimeSpan latency) => RecordNanoseconds(latency.Ticks * 100);

    public void RecordNanoseconds(long nanoseconds)
    {
        var value = Math.Clamp(nanoseconds, 0, MaxNanoseconds);
        var bucket = BucketOf(value);
        var page = pages[bucket >> PageBits] ??= new long[PageSize];
        page[bucket & (PageSize - 1)]++;
        Count++;
        sumNanoseconds += value;
        var latency = FromNanoseconds(value);
        Max = latency > Max ? latency : Max;
        Min = latency < Min ? latency : Min;
    }

    public void Add(LatencyHistogram other)
    {
        for (var index = 0; index < pages.Length; index++)
        {
            if (other.pages[index] is not { } source)
            {
                continue;
            }

            var page = pages[index] ??= new long[PageSize];
            for (var offset = 0; offset < PageSize; offset++)
            {
                page[offset] += source[offset];
            }
        }

        Count += other.Count;
        sumNanoseconds += other.sumNanoseconds;
        Max = other.Max > Max ? other.Max : Max;
        Min = other.Min < Min ? other.Min : Min;
    }

    /// <summary>The smallest latency that at least the given share of the recorded ones do not exceed (nearest rank).</summary>
    /// <param name="quantile">0 to 1: 0.99 is p99.</param>
    /// <returns>Zero when nothing was recorded.</returns>
    public TimeSpan Quantile(double quantile)
    {
        if (Count == 0)
        {
            return TimeSpan.Zero;
        }

        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        long seen = 0;
        foreach (var (bucket, count) in Buckets())
        {
            seen += count;
            if (seen >= rank)
            {
                var value = FromNanoseconds(MidpointOf(bucket));
                return value > Max ? Max : value;
            }
        }

        return Max;
    }

    /// <summary>The filled buckets in ascending order, by index.</summary>
    public IEnumerable<(int Bucket, long Count)> Buckets()
    {
        for (var index = 0; index < pages.Length; index++)
        {
            if (pages[index] is not { } page)
            {
                continue;
            }

            for (var offset = 0; offset < PageSize; offset++)
            {
                if (page[offset] > 0)
                {
                    yield return ((index << PageBits) + offset, page[offset]);
                }
            }
        }
    }

    /// <summary>The latency in the middle of a bucket, in nanoseconds.</summary>
    public static double MidpointOf(int bucket)
    {
        if (bucket < 2 * SubBuckets)
        {
            return bucket;
        }

        var octave = (bucket >> SubBucketBits) - 1;
        var lower = (long)(SubBuckets + (bucket & (SubBuckets - 1))) << octave;
        return lower + ((1L << octave) - 1) / 2.0;
    }

    /// <summary>The bucket that holds a latency of so many nanoseconds.</summary>
    public static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < 2 * SubBuckets)
        {
            return (int)nanoseconds;
        }

        var octave = 63 - SubBucketBits - System.Numerics.BitOperations.LeadingZeroCount((ulong)nanoseconds);
        return ((octave + 1) << SubBucketBits) + (int)((nanoseconds >> octave) - SubBuckets);
    }

    private static TimeSpan FromNanoseconds(double nanoseconds) => TimeSpan.FromTicks((long)Math.Round(nanoseconds / 100));
}
