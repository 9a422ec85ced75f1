using System.Collections.Immutable;
using Tuner.Core.Measurements;

namespace Tuner.Core.Tests.Measurements;

public class MeasurementJsonTests
{
    [Fact]
    public void What_is_read_is_what_was_written()
    {
        var measurement = Sample("steady", 3);

        var copy = MeasurementJson.Read(MeasurementJson.Write(measurement));

        Assert.Equal(MeasurementJson.Write(measurement), MeasurementJson.Write(copy));
        Assert.Equal(measurement.StartedAt, copy.StartedAt);
        Assert.Equal(measurement.InvalidReasons.ToArray(), copy.InvalidReasons.ToArray());
        Assert.Equal(measurement.Candidate, copy.Candidate);
        Assert.Equal(measurement.Machine, copy.Machine);
        Assert.Equal(measurement.Phases[0].Seconds[1].Errors, copy.Phases[0].Seconds[1].Errors);
        Assert.Equal(measurement.Phases[0].Series("latency").Buckets(), copy.Phases[0].Series("latency").Buckets());
        Assert.Equal(measurement.Generator.ScheduleLag.Max, copy.Generator.ScheduleLag.Max);
    }

    [Fact]
    public void Bytes_and_text_are_the_same()
    {
        var measurement = Sample("steady", 1);

        Assert.Equal(MeasurementJson.Write(measurement), System.Text.Encoding.UTF8.GetString(MeasurementJson.WriteUtf8(measurement)));
        Assert.Equal(MeasurementJson.Write(measurement), MeasurementJson.Write(MeasurementJson.ReadUtf8(MeasurementJson.WriteUtf8(measurement))));
    }

    [Theory]
    [InlineData("{}", "not a measurement")]
    [InlineData("[1]", "not a measurement")]
    [InlineData("hello", "not a measurement")]
    [InlineData("{\"format\":\"tuner/measurement\",\"version\":1}", "not a measurement")]
    public void Something_else_is_refused(string json, string reason)
    {
        Assert.Contains(reason, Assert.Throws<FormatException>(() => MeasurementJson.Read(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_is_refused_by_name()
    {
        var json = MeasurementJson.Write(Sample("steady", 1)).Replace("\"version\":1", "\"version\":7", StringComparison.Ordinal);

        Assert.Contains("version 7", Assert.Throws<FormatException>(() => MeasurementJson.Read(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measurements_of_several_generators_add_up()
    {
        var merged = MeasurementMerge.Merge([Sample("steady", 3), Sample("steady", 5), Sample("peak", 1)]);

        Assert.Equal(["steady", "peak"], merged.Phases.Select(phase => phase.Name));
        Assert.Equal(5, merged.Phases[0].Seconds.Length);
        Assert.Equal(8 * 12, merged.Phases[0].Scheduled);
        Assert.Equal(8 * 10, merged.Phases[0].Succeeded);
        Assert.Equal(8 * 2, merged.Phases[0].Failed);
        Assert.Equal(20, merged.Phases[0].OfferedRate);
        Assert.Equal(8 * 10, merged.Phases[0].Series("latency").Count);
        Assert.Equal(3, merged.Generator.ScheduleLag.Count);
        Assert.Equal(["too noisy"], merged.InvalidReasons.ToArray());
    }

    [Fact]
    public void Open_and_closed_models_do_not_merge()
    {
        var open = Sample("steady", 1);

        Assert.Throws<ArgumentException>(() => MeasurementMerge.Merge([open, open with { OpenModel = false }]));
        Assert.Throws<ArgumentException>(() => MeasurementMerge.Merge([]));
    }

    private static Measurement Sample(string phase, int seconds)
    {
        var lag = new LatencyHistogram();
        lag.RecordNanoseconds(12_345);
        return new Measurement
        {
            StartedAt = new DateTimeOffset(2026, 11, 22, 5, 0, 0, TimeSpan.Zero).AddTicks(1234567),
            Engine = "native",
            OpenModel = true,
            Warmup = TimeSpan.FromSeconds(5),
            Elapsed = TimeSpan.FromSeconds(seconds),
            Phases = [new PhaseMeasurement { Name = phase, Duration = TimeSpan.FromSeconds(seconds), OfferedRate = 10, AchievedRate = 10, Seconds = [.. Enumerable.Range(0, seconds).Select(Second)] }],
            Generator = new GeneratorHealth { ScheduleLag = lag, CpuCores = 0.123456789, PeakConnections = 3, InFlightAtEnd = 1 },
            InvalidReasons = ["too noisy"],
            Notes = ["<a note & more>"],
            Candidate = new ResourceUse { CpuSeconds = 1.5, PeakResidentBytes = 1 << 30, Throttled = TimeSpan.FromMilliseconds(7), Enforcement = "none" },
            Machine = new MachineNoise { CpuPressure = 0.1, Steal = 0, SpinBefore = 100, SpinAfter = 99.5 },
            EndedEarly = "certain",
        };
    }

    private static SecondMeasurement Second(int index)
    {
        var latency = new LatencyHistogram();
        for (var request = 1; request <= 10; request++)
        {
            latency.RecordNanoseconds(request * 1_234_567L * (index + 1));
        }

        return new SecondMeasurement
        {
            Index = index,
            Scheduled = 12,
            Succeeded = 10,
            Errors = ImmutableDictionary<string, long>.Empty.Add(ErrorKinds.Timeout, 1).Add(ErrorKinds.Status(503), 1),
            Series = ImmutableDictionary<string, LatencyHistogram>.Empty.Add(Measurement.LatencySeries, latency),
        };
    }
}
