using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Testing.Sweeps;

/// <summary>
/// A sweep that fits in the head: one knob, workers 1 to 6, which is also its price per hour, and one SLO, p99 latency
/// at most 100 ms.
/// </summary>
public static class SmallSweep
{
    public static Sweep Create(int? baseline = null, SweepBudget? budget = null, int verificationRepeats = 2) => new()
    {
        Name = "small",
        Target = new Target.Endpoint { Urls = [new Uri("http://127.0.0.1:1/")] },
        Space = new SearchSpace { Parameters = [new IntegerParameter("workers", 1, 6)] },
        Baseline = baseline is { } workers ? Workers(workers) : null,
        Load = new LoadProfile
        {
            Request = new RequestTemplate(),
            Arrival = Arrival.Constant,
            Phases = [new RatePhase("steady", TimeSpan.FromSeconds(20), 100)],
        },
        Slos = [P99(milliseconds: 100)],
        Objective = Objective.CostPerHour,
        Cost = new CostModel.ByResource("USD", Formula("workers"), 1m, Formula("0"), 0m),
        Search = new SearchSettings { Strategy = "grid", Seed = 1 },
        Measurement = new MeasurementSettings { Warmup = TimeSpan.Zero },
        Budget = budget ?? new SweepBudget(),
        Verification = new VerificationSettings { Repeats = verificationRepeats },
        Fingerprint = "small",
    };

    public static Candidate Workers(int workers) => new([KeyValuePair.Create("workers", ParameterValue.Of(workers))]);

    public static Slo P99(double milliseconds) => new()
    {
        Text = $"p99 latency <= {milliseconds}ms",
        Metric = new QuantileMetric(Measurement.LatencySeries, 0.99),
        Bound = Bound.AtMost,
        Limit = milliseconds / 1000,
    };

    /// <summary>Twenty calm seconds at 100 requests per second, all answered within 3 % of the given latency.</summary>
    public static Measurement Steady(double milliseconds)
    {
        var seconds = Enumerable.Range(0, 20).Select(index =>
        {
            var histogram = new LatencyHistogram();
            for (var request = 0; request < 100; request++)
            {
                histogram.Record(TimeSpan.FromMilliseconds(milliseconds * (0.97 + (0.03 * (((request * 37) + (index * 11)) % 100) / 100.0))));
            }

            return new SecondMeasurement { Index = index, Scheduled = 100, Succeeded = 100, Series = HistogramOf(histogram) };
        });
        return Measured(seconds);
    }

    /// <summary>Twenty seconds in which every request fails in the same way.</summary>
    public static Measurement Failing(string error) => Measured(Enumerable.Range(0, 20).Select(index =>
        new SecondMeasurement { Index = index, Scheduled = 100, Succeeded = 0, Errors = ImmutableDictionary<string, long>.Empty.Add(error, 100) }));

    /// <summary>The same twenty seconds as phases of these names and latencies, one after the other.</summary>
    public static Measurement Phases(params (string Name, double Milliseconds)[] phases) => Steady(phases[0].Milliseconds) with
    {
        Phases = [.. phases.Select(phase => Steady(phase.Milliseconds).Phases[0] with { Name = phase.Name })],
    };

    private static Measurement Measured(IEnumerable<SecondMeasurement> seconds) =>
        new()
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Engine = "none",
            OpenModel = true,
            Warmup = TimeSpan.Zero,
            Phases = [new PhaseMeasurement { Name = "steady", Duration = TimeSpan.FromSeconds(20), OfferedRate = 100, Seconds = [.. seconds] }],
            Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0.1, PeakConnections = 1, InFlightAtEnd = 0 },
        };

    private static ImmutableDictionary<string, LatencyHistogram> HistogramOf(LatencyHistogram histogram) =>
        ImmutableDictionary<string, LatencyHistogram>.Empty.Add(Measurement.LatencySeries, histogram);

    private static Expression Formula(string text) =>
        Expression.TryParse(text, out var expression, out var error) ? expression : throw new InvalidOperationException(error);
}
