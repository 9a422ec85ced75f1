using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tuner.Cli.Loading;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;

namespace Tuner.Cli.Tests.Loading;

public class LoadOutputTests
{
    [Fact]
    public void Text_shows_rates_errors_percentiles_and_why_it_is_invalid()
    {
        var text = MeasurementText.Of(Sample() with { InvalidReasons = ["the generator was late"] });

        Assert.Contains("1000/s offered", text, StringComparison.Ordinal);
        Assert.Contains("timeout", text, StringComparison.Ordinal);
        Assert.Matches(@"p99 (989|990)(\.[0-9])? µs", text);
        Assert.Contains("INVALID", text, StringComparison.Ordinal);
        Assert.Contains("the generator was late", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_percentile_with_too_few_requests_behind_it_is_not_printed()
    {
        Assert.DoesNotContain("p99.9", MeasurementText.Of(Sample()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_model_says_that_it_hides_stalls()
    {
        Assert.Contains("hides stalls", MeasurementText.Of(Sample() with { OpenModel = false }), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_carries_the_numbers_with_their_units()
    {
        var root = JsonDocument.Parse(MeasurementSummary.Of(Sample(), [new ThresholdVerdict("p99 latency <= 1ms", SloVerdict.Met, "measured 990 µs")])).RootElement;

        var phase = root.GetProperty("phases")[0];
        Assert.Equal(1001, phase.GetProperty("requests").GetInt64());
        Assert.Equal(1, phase.GetProperty("errors").GetProperty("timeout").GetInt64());
        Assert.Equal(0.99, phase.GetProperty("series").GetProperty("latency").GetProperty("p99_ms").GetDouble(), 0.001);
        Assert.Equal("met", root.GetProperty("slos")[0].GetProperty("verdict").GetString());
        Assert.True(root.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public void The_percentile_distribution_has_the_columns_that_plotters_read()
    {
        var lines = PercentileDistribution.Of(Sample()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var rows = lines.Skip(1).TakeWhile(line => !line.StartsWith('#')).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        Assert.Equal(["Value", "Percentile", "TotalCount", "1/(1-Percentile)"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(rows.SkipLast(1), row => Assert.Equal(4, row.Length));
        Assert.Equal("1.000000000000", rows[^1][1]);
        Assert.Equal("1000", rows[^1][2]);
        Assert.Equal(rows.Select(row => double.Parse(row[1], CultureInfo.InvariantCulture)).Order(), rows.Select(row => double.Parse(row[1], CultureInfo.InvariantCulture)));
        Assert.Contains("#[Max     =        1.000, Total count    =         1000]", lines);
    }

    [Theory]
    [InlineData("p99 latency <= 2ms", 0)]
    [InlineData("p99 latency <= 500us", 3)]
    [InlineData("error rate <= 5%", 0)]
    [InlineData("error rate <= 0.05%", 3)]
    [InlineData("throughput >= 900/s", 0)]
    public void Slos_decide_the_exit_code(string text, int expected)
    {
        Assert.True(SloSentence.TryRead(text, out var slo, out _));

        Assert.Equal(expected, Thresholds.ExitCodeOf(Sample(), Thresholds.Judge(Sample(), [slo], confident: false)));
    }

    [Fact]
    public void An_invalid_measurement_decides_nothing()
    {
        Assert.True(SloSentence.TryRead("p99 latency <= 500us", out var slo, out _));
        var invalid = Sample() with { InvalidReasons = ["no"] };

        Assert.Equal(6, Thresholds.ExitCodeOf(invalid, Thresholds.Judge(invalid, [slo], confident: false)));
    }

    [Fact]
    public async Task What_was_saved_can_be_merged()
    {
        var folder = Directory.CreateTempSubdirectory("tuner-load-");
        var (first, second, merged) = (Path.Combine(folder.FullName, "a.json"), Path.Combine(folder.FullName, "b.json"), Path.Combine(folder.FullName, "m.json"));
        await LoadOutput.SaveAsync(first, Sample());
        await LoadOutput.SaveAsync(second, Sample());
        using var output = new StringWriter();

        var code = await MergeCommand.RunAsync([first, second], "text", merged, [], output, TextWriter.Null);

        Assert.Equal(0, code);
        Assert.Equal(2002, MeasurementJson.ReadUtf8(await File.ReadAllBytesAsync(merged)).Phases[0].Scheduled);
        Assert.Contains("2000/s offered", output.ToString(), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    // 1,000 answers in 1 to 1,000 us, and one timeout that stands in no latency here.
    private static Measurement Sample()
    {
        var latency = new LatencyHistogram();
        for (var microseconds = 1; microseconds <= 1000; microseconds++)
        {
            latency.RecordNanoseconds(microseconds * 1000);
        }

        return new Measurement
        {
            StartedAt = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero),
            Engine = "native",
            OpenModel = true,
            Warmup = TimeSpan.Zero,
            Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0.1, PeakConnections = 2, InFlightAtEnd = 0 },
            Phases =
            [
                new PhaseMeasurement
                {
                    Name = "load",
                    Duration = TimeSpan.FromSeconds(1),
                    OfferedRate = 1000,
                    AchievedRate = 1000,
                    Seconds =
                    [
                        new SecondMeasurement
                        {
                            Index = 0,
                            Scheduled = 1001,
                            Succeeded = 1000,
                            Errors = ImmutableDictionary<string, long>.Empty.Add(ErrorKinds.Timeout, 1),
                            Series = ImmutableDictionary<string, LatencyHistogram>.Empty.Add(Measurement.LatencySeries, latency),
                        },
                    ],
                },
            ],
        };
    }
}
