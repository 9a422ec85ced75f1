using Tuner.Core.Measurements;

namespace Tuner.Core.Tests.Measurements;

public class LatencyHistogramTests
{
    [Fact]
    public void Reports_any_latency_from_a_microsecond_to_an_hour_within_a_thousandth()
    {
        // Every quantile of one value is clamped to it, so a second value on either side shows the bucket's own error.
        for (var value = 1_000.0; value < LatencyHistogram.HighestNanoseconds / 4; value *= 1.0137)
        {
            var histogram = new LatencyHistogram();
            histogram.RecordNanoseconds(0);
            histogram.RecordNanoseconds((long)value);
            histogram.RecordNanoseconds(LatencyHistogram.HighestNanoseconds);

            Assert.InRange(histogram.QuantileNanoseconds(0.5) / (long)value, 0.999, 1.001);
        }
    }

    [Fact]
    public void Buckets_meet_without_gap_or_overlap()
    {
        for (var bucket = 1; bucket < LatencyHistogram.BucketOf(LatencyHistogram.HighestNanoseconds); bucket += 7)
        {
            Assert.Equal(bucket, LatencyHistogram.BucketOf((long)LatencyHistogram.MidpointOf(bucket)));
        }
    }

    [Fact]
    public void Agrees_with_the_sorted_values_at_every_quantile()
    {
        var values = Values(20_000);
        var histogram = Of(values);
        var sorted = values.Order().ToList();

        foreach (var quantile in new[] { 0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1 })
        {
            var exact = sorted[Math.Clamp((int)Math.Ceiling(quantile * sorted.Count) - 1, 0, sorted.Count - 1)];
            Assert.InRange(histogram.QuantileNanoseconds(quantile) / exact, 0.999, 1.001);
        }

        Assert.Equal(values.Average(), histogram.MeanNanoseconds, 0.001);
    }

    [Fact]
    public void Parts_added_together_equal_the_whole_in_any_order()
    {
        var values = Values(3_000);
        var whole = Of(values);
        var (first, rest) = (Of(values[..1_000]), Of(values[1_000..]));
        var forwards = new LatencyHistogram();
        forwards.Add(first);
        forwards.Add(rest);
        rest.Add(first);

        Assert.Equal(HistogramCodec.Encode(whole), HistogramCodec.Encode(forwards));
        Assert.Equal(HistogramCodec.Encode(whole), HistogramCodec.Encode(rest));
    }

    [Fact]
    public void Recording_allocates_nothing_once_a_range_was_seen()
    {
        var histogram = Of(Values(3_000));
        var values = Values(3_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var value in values)
        {
            histogram.RecordNanoseconds(value);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_compact_form_is_exact()
    {
        foreach (var count in new[] { 0, 1, 2, 100, 20_000 })
        {
            var histogram = Of(Values(count));
            var copy = HistogramCodec.Decode(HistogramCodec.Encode(histogram));

            Assert.Equal(histogram.Buckets(), copy.Buckets());
            Assert.Equal((histogram.Count, histogram.Min, histogram.Max, histogram.Mean), (copy.Count, copy.Min, copy.Max, copy.Mean));
        }
    }

    [Fact]
    public void A_packed_histogram_answers_as_before_and_can_be_recorded_into_again()
    {
        var values = Values(3_000);
        var (loose, packed) = (Of(values), Of(values));
        packed.Pack();

        Assert.Equal(loose.Buckets(), packed.Buckets());
        Assert.Equal(HistogramCodec.Encode(loose), HistogramCodec.Encode(packed));
        foreach (var bucket in new[] { 0, LatencyHistogram.BucketOf(1_000_000), LatencyHistogram.BucketOf(values.Max()) })
        {
            Assert.Equal(loose.CountAbove(bucket), packed.CountAbove(bucket));
        }

        loose.Add(Of(values));
        packed.RecordNanoseconds(values[0]);
        packed.Add(Of(values[1..]));
        Assert.Equal(HistogramCodec.Encode(loose), HistogramCodec.Encode(packed));
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_never_anything_else()
    {
        var encoded = HistogramCodec.Encode(Of(Values(50)));
        for (var index = 0; index < encoded.Length; index++)
        {
            foreach (var value in new byte[] { 0x00, 0x7F, 0xFF })
            {
                var damaged = encoded.ToArray();
                damaged[index] = value;
                var exception = Record.Exception(() => HistogramCodec.Decode(damaged.AsSpan(0, value == 0 ? index : damaged.Length)));
                Assert.True(exception is null or FormatException);
            }
        }
    }

    private static LatencyHistogram Of(IEnumerable<long> values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values)
        {
            histogram.RecordNanoseconds(value);
        }

        return histogram;
    }

    // Log-uniform from 10 us to 10 s.
    private static List<long> Values(int count)
    {
        var state = 99UL;
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            return (long)(1e4 * Math.Pow(10, 6 * ((state >> 11) / (double)(1UL << 53))));
        })];
    }
}
