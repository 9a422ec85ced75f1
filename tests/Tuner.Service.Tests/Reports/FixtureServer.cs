using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Service.Tests.Reports;

/// <summary>
/// What a report's fixture measures: a queueing formula in place of a server, with seeded noise, and estimates with a plain
/// interval of a fixed width. Enough for a report; no statistics.
/// </summary>
internal sealed class FixtureServer
{
    public const double Rate = 200;

    private readonly Random random = new(7);

    public Measurement Measure(Candidate candidate, DateTimeOffset startedAt, string? early, int latencies)
    {
        var vcpus = ReportFixture.Sweep.Space.InstanceOf(candidate)!.Vcpus * candidate["replicas"].Number!.Value;
        var batch = candidate["batchSize"].Number!.Value;
        var workers = candidate["workers"].Number!.Value;
        var capacity = vcpus * 160 * Math.Sqrt(Math.Min(batch, 16)) * (workers > 2 * vcpus ? 0.85 : 1);
        var load = Math.Min(Rate / capacity, 0.97);
        var mean = (0.004 + (0.0007 * batch)) / (1 - load);
        var noise = 1 + (0.06 * (random.NextDouble() - 0.5));
        var seconds = early is null ? 20 : 6;
        var perSecond = latencies / 20;
        return new Measurement
        {
            StartedAt = startedAt,
            Engine = "native",
            OpenModel = true,
            Warmup = TimeSpan.FromSeconds(3),
            Phases =
            [
                new PhaseMeasurement
                {
                    Name = "steady",
                    Duration = TimeSpan.FromSeconds(seconds),
                    OfferedRate = Rate,
                    Seconds = [.. Enumerable.Range(0, seconds).Select(index => Second(index, perSecond, mean * noise, load))],
                },
            ],
            Generator = new GeneratorHealth { ScheduleLag = Histogram(2000, 0.00004), CpuCores = 0.11 + (0.02 * random.NextDouble()), PeakConnections = 12, InFlightAtEnd = 0, Protection = "own core" },
            Candidate = new ResourceUse { CpuSeconds = seconds * vcpus * load, PeakResidentBytes = (long)(60e6 + (workers * 24e6)), Throttled = TimeSpan.FromSeconds(0.02 * seconds * load), Enforcement = "cpuset + quota (cgroup v2)" },
            Machine = new MachineNoise { CpuPressure = 0.013, Steal = 0.002, SpinBefore = 410, SpinAfter = 410 * noise },
            EndedEarly = early,
        };
    }

    public SecondMeasurement Second(int index, int requests, double mean, double load)
    {
        var failed = load > 0.96 ? requests / 40 : 0;
        return new SecondMeasurement
        {
            Index = index,
            Scheduled = requests,
            Succeeded = requests - failed,
            Errors = failed == 0 ? [] : ImmutableDictionary<string, long>.Empty.Add("timeout", failed),
            Series = ImmutableDictionary<string, LatencyHistogram>.Empty.Add("latency", Histogram(requests, mean)),
        };
    }

    private LatencyHistogram Histogram(int count, double mean)
    {
        var histogram = new LatencyHistogram();
        for (var index = 0; index < count; index++)
        {
            histogram.Record(TimeSpan.FromSeconds((mean * 0.35) - (mean * 0.65 * Math.Log(1 - random.NextDouble()))));
        }

        return histogram;
    }

    public static SloAssessment Assess(Slo slo, List<Measurement> measured)
    {
        var merged = new LatencyHistogram();
        measured.ForEach(item => merged.Add(item.Phases[0].Series("latency")));
        var phases = measured.ConvertAll(item => item.Phases[0]);
        var value = slo.Metric switch
        {
            QuantileMetric metric => merged.Quantile(metric.Quantile).TotalSeconds,
            ErrorRateMetric => (double)phases.Sum(phase => phase.Failed) / phases.Sum(phase => phase.Scheduled),
            _ => phases.Sum(phase => phase.Succeeded) / phases.Sum(phase => phase.Duration.TotalSeconds),
        };
        var spread = (slo.Metric is QuantileMetric ? 0.12 : slo.Metric is ErrorRateMetric ? 0.3 : 0.005) / Math.Sqrt(measured.Count);
        var floor = slo.Metric is ErrorRateMetric ? 0.0008 : 0;
        var (lower, upper) = ((value * (1 - spread)), (value * (1 + spread)) + floor);
        var met = slo.Bound is Bound.AtMost ? upper <= slo.Limit : lower >= slo.Limit;
        var missed = slo.Bound is Bound.AtMost ? lower > slo.Limit : upper < slo.Limit;
        return new SloAssessment
        {
            Slo = slo,
            Verdict = met ? SloVerdict.Met : missed ? SloVerdict.Missed : SloVerdict.Unknown,
            Estimate = value,
            Lower = lower,
            Upper = upper,
            Requests = merged.Count,
            EffectiveRequests = merged.Count * 0.6,
            Repeats = measured.Count,
            WithinDeviation = spread / 2,
            BetweenDeviation = measured.Count > 1 ? 0.03 : null,
            Reason = $"{(met ? "the upper bound is within" : missed ? "the lower bound is beyond" : "the interval holds")} the limit",
        };
    }
}
