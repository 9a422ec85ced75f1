using System.Numerics;

namespace Tuner.Core.Measurements;

/// <summary>
/// Counts of latencies in log-linear buckets: 512 buckets per octave of nanoseconds, so that a reported value is within
/// 0.1 % of the recorded one from 1 microsecond to 1 hour; longer values are recorded as 1 hour. Mergeable; buckets are
/// kept in pages that exist only where something was recorded, so that recording allocates nothing once a range of
/// latencies has been seen; <see cref="Pack"/> leaves a tenth of the room to what is only read from then on. Recording is
/// not thread-safe.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>The longest latency that is told apart from longer ones: 1 hour.</summary>
    public const long HighestNanoseconds = 3_600_000_000_000;

    internal const int BucketsPerOctave = SubBuckets;

    private const int SubBucketBits = 9;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int PageBits = 6;
    private const int PageSize = 1 << PageBits;
    private static readonly int BucketCount = BucketOf(HighestNanoseconds) + 1;

    // One of both: pages while it is recorded into, what the codec writes of them once it is packed.
    private long[]?[]? pages = new long[]?[(BucketCount >> PageBits) + 1];
    private byte[] packed = [];
    private Int128 sum;
    private long min = long.MaxValue;
    private long max;

    public long Count { get; private set; }

    public TimeSpan Max => FromNanoseconds(max);

    /// <summary>The shortest recorded latency; <see cref="TimeSpan.MaxValue"/> when nothing was recorded.</summary>
    public TimeSpan Min => Count == 0 ? TimeSpan.MaxValue : FromNanoseconds(min);

    public TimeSpan Mean => FromNanoseconds(MeanNanoseconds);

    /// <summary>The exact mean of what was recorded, in nanoseconds; zero when nothing was.</summary>
    public double MeanNanoseconds => Count == 0 ? 0 : (double)sum / Count;

    internal (Int128 Sum, long Min, long Max) Exact => (sum, min, max);

    public void Record(TimeSpan latency) => RecordNanoseconds(latency.Ticks * 100);

    public void RecordNanoseconds(long nanoseconds)
    {
        var value = (ulong)nanoseconds <= HighestNanoseconds ? nanoseconds : Math.Clamp(nanoseconds, 0, HighestNanoseconds);
        var bucket = BucketOf(value);
        PageAt(bucket >> PageBits)[bucket & (PageSize - 1)]++;
        Count++;
        sum += value;
        max = Math.Max(max, value);
        min = Math.Min(min, value);
    }

    public void Add(LatencyHistogram other)
    {
        if (other.pages is { } theirs)
        {
            AddPages(theirs);
        }
        else
        {
            foreach (var (bucket, count) in other.Buckets())
            {
                PageAt(bucket >> PageBits)[bucket & (PageSize - 1)] += count;
            }
        }

        Count += other.Count;
        sum += other.sum;
        max = Math.Max(max, other.max);
        min = Math.Min(min, other.min);
    }

    /// <summary>The smallest latency that at least the given share of the recorded ones do not exceed (nearest rank).</summary>
    /// <param name="quantile">0 to 1: 0.99 is p99.</param>
    /// <returns>Zero when nothing was recorded; rounded to the 100 ns of a <see cref="TimeSpan"/>.</returns>
    public TimeSpan Quantile(double quantile) => FromNanoseconds(QuantileNanoseconds(quantile));

    /// <summary>As <see cref="Quantile"/>, in nanoseconds and not rounded: within 0.1 % of the value that was recorded.</summary>
    public double QuantileNanoseconds(double quantile)
    {
        if (Count == 0)
        {
            return 0;
        }

        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        if (rank == Count)
        {
            return max;
        }

        long seen = 0;
        foreach (var (bucket, count) in Buckets())
        {
            seen += count;
            if (seen >= rank)
            {
                return Math.Clamp(MidpointOf(bucket), min, max);
            }
        }

        return max;
    }

    /// <summary>How many of the recorded latencies lie in buckets beyond this one.</summary>
    public long CountAbove(int bucket)
    {
        long count = 0;
        if (pages is not { } recorded)
        {
            foreach (var filled in Buckets())
            {
                count += filled.Bucket > bucket ? filled.Count : 0;
            }

            return count;
        }

        for (var index = recorded.Length - 1; index >= bucket >> PageBits; index--)
        {
            if (recorded[index] is not { } page)
            {
                continue;
            }

            for (var offset = PageSize - 1; offset >= 0 && (index << PageBits) + offset > bucket; offset--)
            {
                count += page[offset];
            }
        }

        return count;
    }

    /// <summary>The filled buckets in ascending order, by index.</summary>
    public IEnumerable<(int Bucket, long Count)> Buckets() => pages is { } recorded ? Filled(recorded) : HistogramCodec.ReadBuckets(packed);

    /// <summary>
    /// Keeps the filled buckets alone: for what has been recorded and will be read for long. Nothing else changes, and
    /// whoever reads it meanwhile reads the same; recording once more spreads it out again.
    /// </summary>
    public void Pack()
    {
        if (pages is { } recorded)
        {
            packed = HistogramCodec.WriteBuckets(Filled(recorded));
            Volatile.Write(ref pages, null);
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
        return lower + (((1L << octave) - 1) / 2.0);
    }

    /// <summary>The bucket that holds a latency of so many nanoseconds.</summary>
    public static int BucketOf(long nanoseconds)
    {
        if (nanoseconds < 2 * SubBuckets)
        {
            return (int)nanoseconds;
        }

        var octave = 63 - SubBucketBits - BitOperations.LeadingZeroCount((ulong)nanoseconds);
        return ((octave + 1) << SubBucketBits) + (int)((nanoseconds >> octave) - SubBuckets);
    }

    /// <summary>Rebuilds a histogram from what <see cref="Buckets"/> and <see cref="Exact"/> gave.</summary>
    /// <exception cref="FormatException">A bucket does not exist or a count is not positive.</exception>
    internal static LatencyHistogram Restore(IEnumerable<(int Bucket, long Count)> buckets, Int128 sum, long min, long max)
    {
        var histogram = new LatencyHistogram { sum = sum, min = min, max = max };
        foreach (var (bucket, count) in buckets)
        {
            if (bucket < 0 || bucket >= BucketCount || count <= 0)
            {
                throw new FormatException($"The histogram has no bucket {bucket} with {count} requests; it is not a histogram of this format.");
            }

            histogram.PageAt(bucket >> PageBits)[bucket & (PageSize - 1)] += count;
            histogram.Count += count;
        }

        histogram.Pack();
        return histogram;
    }

    private static IEnumerable<(int Bucket, long Count)> Filled(long[]?[] recorded)
    {
        for (var index = 0; index < recorded.Length; index++)
        {
            if (recorded[index] is not { } page)
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

    private void AddPages(long[]?[] theirs)
    {
        for (var index = 0; index < theirs.Length; index++)
        {
            if (theirs[index] is not { } source)
            {
                continue;
            }

            var page = PageAt(index);
            for (var offset = 0; offset < PageSize; offset++)
            {
                page[offset] += source[offset];
            }
        }
    }

    private long[] PageAt(int index) => (pages ?? Unpack())[index] ??= new long[PageSize];

    private long[]?[] Unpack()
    {
        var spread = new long[]?[(BucketCount >> PageBits) + 1];
        foreach (var (bucket, count) in HistogramCodec.ReadBuckets(packed))
        {
            (spread[bucket >> PageBits] ??= new long[PageSize])[bucket & (PageSize - 1)] = count;
        }

        return pages = spread;
    }

    private static TimeSpan FromNanoseconds(double nanoseconds) => TimeSpan.FromTicks((long)Math.Round(nanoseconds / 100));
}
