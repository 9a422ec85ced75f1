using System.Collections.Immutable;
using System.IO.Compression;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;

namespace Tuner.Core.Tests.Measurements;

/// <summary>What a measurement keeps, and what it loses, where there is little room for it.</summary>
public sealed class CoarseMeasurementTests
{
    private const int Room = MeasurementPack.MaxPieces * MeasurementPack.MaxCharacters;

    public static TheoryData<int> Rungs => [.. Enumerable.Range(0, Coarseness.Ladder.Length)];

    [Fact]
    public void What_fits_is_exact()
    {
        var measurement = Load(TimeSpan.FromMinutes(2), rate: 40);

        var back = MeasurementPack.FromText(MeasurementPack.ToText(measurement, Room)!);

        Assert.Equal(MeasurementJson.Write(measurement), MeasurementJson.Write(back));
    }

    [Fact]
    public async Task What_is_kept_in_a_file_too_is_the_exact_text_where_that_fits()
    {
        var measurement = Load(TimeSpan.FromMinutes(2), rate: 40);
        using var file = new MemoryStream();
        await using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            await MeasurementJson.WriteAsync(gzip, measurement, default);
        }

        var text = MeasurementPack.OfZipped(file.ToArray());

        Assert.Equal(MeasurementPack.LengthOfZipped(file.Length), text.Length);
        Assert.True(MeasurementPack.IsExact(text));
        Assert.False(MeasurementPack.IsExact(MeasurementPack.Coarsened(measurement, text.Length - 1)!));
        Assert.Equal(MeasurementJson.Write(measurement), MeasurementJson.Write(MeasurementPack.FromText(text)));
        Assert.Null(MeasurementPack.Coarsened(measurement, 100));
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void However_coarse_whole_phases_stay_exact(int rung)
    {
        var measurement = Load(TimeSpan.FromMinutes(10), rate: 40, streamed: true);

        var back = MeasurementPack.FromText(MeasurementPack.Coarse(measurement, Coarseness.Ladder[rung]));

        foreach (var (before, after) in measurement.Phases.Zip(back.Phases))
        {
            Assert.Equal((before.Scheduled, before.Succeeded, before.Failed), (after.Scheduled, after.Succeeded, after.Failed));
            Assert.Equal(before.Seconds.Select(second => second.Index), after.Seconds.Select(second => second.Index));
            foreach (var series in new[] { Measurement.LatencySeries, Measurement.FirstEventSeries, Measurement.BetweenEventsSeries })
            {
                Assert.Equal(HistogramCodec.Encode(before.Series(series)), HistogramCodec.Encode(after.Series(series)));
            }
        }

        Assert.Contains(back.Notes, note => note.Contains("so that it fits into its workflow", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void Verdicts_are_those_of_the_exact_measurement(int rung)
    {
        var measurement = Load(TimeSpan.FromMinutes(30), rate: 40);
        var back = MeasurementPack.FromText(MeasurementPack.Coarse(measurement, Coarseness.Ladder[rung]));

        foreach (var text in new[] { "p50 latency <= 80ms", "p99 latency <= 80ms", "p99.9 latency <= 80ms", "mean latency <= 80ms", "error rate <= 2%", "throughput >= 30/s" })
        {
            Assert.True(SloSentence.TryRead(text, out var slo, out _));
            var (exact, coarse) = (SloJudge.Assess(slo, [measurement], new JudgingPlan()), SloJudge.Assess(slo, [back], new JudgingPlan()));

            Assert.Equal(exact.Verdict, coarse.Verdict);
            Assert.Equal(exact.Estimate!.Value, coarse.Estimate!.Value, 1e-6);
            Assert.InRange((coarse.Upper!.Value - coarse.Lower!.Value) / (exact.Upper!.Value - exact.Lower!.Value), 0.98, 1.02);
        }
    }

    [Fact]
    public void Two_hours_of_a_streamed_load_fit_exactly_or_nearly_so_and_a_day_fits()
    {
        // A twelfth of a day has a twelfth of the room, in which the exact histograms of its phases are whole.
        foreach (var (parts, most) in new[] { (1, new Coarseness(8, 1, false)), (12, new Coarseness(8, 32, false)) })
        {
            var text = MeasurementPack.ToText(TwoHours.Value, Room / parts);

            Assert.InRange(text!.Length, 1, Room / parts);
            Assert.Contains(Kept(text), Coarseness.Ladder.Take(Coarseness.Ladder.IndexOf(most) + 1).Select(coarseness => coarseness.Note));
        }
    }

    [Fact]
    public void Three_days_fit_into_the_share_of_one_load_pod_of_eight()
    {
        // A thirty-sixth of the time in a thirty-sixth of the room: what is written once (three histograms of each phase) is in it whole.
        var text = MeasurementPack.ToText(TwoHours.Value, Room / 8 / 3);

        Assert.InRange(text!.Length, 1, Room / 8 / 3);
        Assert.Equal(TwoHours.Value.Phases[0].Scheduled, MeasurementPack.FromText(text).Phases[0].Scheduled);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(200)]
    [InlineData(2_000)]
    public void A_text_that_lost_its_end_or_was_changed_is_refused_and_not_half_read(int lost)
    {
        var text = MeasurementPack.Coarse(Load(TimeSpan.FromMinutes(2), rate: 40), Coarseness.Ladder[0]);

        Assert.Throws<FormatException>(() => MeasurementPack.FromText(text[..^lost]));
    }

    private static string Kept(string text) => MeasurementPack.FromText(text).Notes[^1];

    private static readonly Lazy<Measurement> TwoHours = new(() => Load(TimeSpan.FromHours(2), rate: 10, streamed: true));

    /// <summary>A service with bad spells: some tens of seconds in which it is slower and fails more often.</summary>
    private static Measurement Load(TimeSpan duration, int rate, bool streamed = false)
    {
        var chance = new Random(7);
        var spell = 0;
        var seconds = ImmutableArray.CreateBuilder<SecondMeasurement>();
        for (var index = 0; index < (int)duration.TotalSeconds; index++)
        {
            spell = spell > 0 ? spell - 1 : chance.Next(120) == 0 ? 20 : 0;
            var due = rate - (rate / 4) + chance.Next(rate / 2);
            var (latency, first, between) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
            var errors = 0;
            for (var request = 0; request < due; request++)
            {
                if (chance.Next(spell > 0 ? 40 : 400) == 0)
                {
                    errors++;
                    continue;
                }

                var nanoseconds = (long)(20e6 * (spell > 0 ? 2 : 1) * Math.Exp(0.4 * Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble())));
                latency.RecordNanoseconds(nanoseconds);
                first.RecordNanoseconds(nanoseconds / 5);
                between.RecordNanoseconds(nanoseconds / 40);
                between.RecordNanoseconds(nanoseconds / 30);
            }

            var series = ImmutableDictionary<string, LatencyHistogram>.Empty.Add(Measurement.LatencySeries, latency);
            foreach (var histogram in new[] { latency, first, between })
            {
                histogram.Pack();
            }

            seconds.Add(new SecondMeasurement
            {
                Index = index,
                Scheduled = due,
                Succeeded = due - errors,
                Errors = errors == 0 ? ImmutableDictionary<string, long>.Empty : ImmutableDictionary<string, long>.Empty.Add("status 503", errors),
                Series = streamed ? series.Add(Measurement.FirstEventSeries, first).Add(Measurement.BetweenEventsSeries, between) : series,
            });
        }

        var half = seconds.Count / 2;
        return new Measurement
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Engine = "native",
            OpenModel = true,
            Warmup = TimeSpan.Zero,
            Phases =
            [
                new PhaseMeasurement { Name = "first", Duration = TimeSpan.FromSeconds(half), OfferedRate = rate, Seconds = [.. seconds.Take(half)] },
                new PhaseMeasurement { Name = "second", Duration = TimeSpan.FromSeconds(seconds.Count - half), OfferedRate = rate, Seconds = [.. seconds.Skip(half).Select(second => second with { Index = second.Index - half })] },
            ],
            Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0.1, PeakConnections = 8, InFlightAtEnd = 0 },
        };
    }
}
