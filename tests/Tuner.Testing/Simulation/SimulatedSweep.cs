using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Testing.Simulation;

/// <summary>
/// A sweep over a simulated service, with its answer: 192 candidates over replicas, workers, threads, batch size and
/// instance type, one p99 SLO and an error rate, prices per instance. Each seed is another service, load and limit.
/// </summary>
public sealed class SimulatedSweep
{
    public const string Small = "sim-small";
    public const string Large = "sim-large";

    /// <summary>As small as <see cref="Small"/>, faster and dearer.</summary>
    public const string Fast = "sim-fast";

    private readonly Dictionary<Candidate, double> truth;

    private SimulatedSweep(Sweep sweep, SimulatedService service, Dictionary<Candidate, double> truth)
    {
        Sweep = sweep;
        Service = service;
        this.truth = truth;
    }

    public Sweep Sweep { get; }

    public SimulatedService Service { get; }

    /// <summary>The cheapest candidate that truly meets the limit (the one of most margin among equals); null where there is none.</summary>
    public Candidate? Best => CheapestWithMargin(0);

    /// <summary>Noise as on a decent shared machine: p99 of 20-second trials at 80 requests/s deviates by about 10 %.</summary>
    public static NoiseFamily TypicalNoise { get; } = new() { Name = "typical", LevelDeviation = 0.1, CorrelationSeconds = 3, BetweenDeviation = 0.06 };

    /// <summary>A service, load and limit of this seed. The limit admits roughly a third of the candidates.</summary>
    public static SimulatedSweep Create(int seed, NoiseFamily? noise = null, double driftPerHour = 0)
    {
        var chance = Chance.For(seed, 11);
        double Between(double low, double high) => low + ((high - low) * chance.Uniform());
        var surface = new ServiceSurface
        {
            InferenceSeconds = Between(0.012, 0.03),
            FixedShare = Between(0.2, 0.7),
            SerialShare = Between(0.1, 0.4),
            Contention = Between(0.02, 0.12),
        };
        var rate = Math.Round(Between(1.3, 3.5) / surface.InferenceSeconds);
        var service = new SimulatedService { Surface = surface, Noise = noise ?? TypicalNoise, Seed = seed, DriftPerHour = driftPerHour };
        var prices = Chance.For(seed, 13);
        decimal Price(double low, double high) => Math.Round(0.085m * (decimal)(low + ((high - low) * prices.Uniform())), 4);
        var space = SpaceOf(fast: Price(1.15, 1.5), large: Price(1.7, 2.3));
        service = service with { Surface = surface with { FastSpeed = 1.1 + (0.3 * prices.Uniform()) } };
        var draft = SweepOf(seed, rate, limit: 1, space);
        var known = TruthsOf(service, draft);
        var truths = known.Values.Order().ToArray();
        var limit = truths[(int)(truths.Length * Between(0.2, 0.45))] * Between(1.02, 1.25);
        return new SimulatedSweep(SweepOf(seed, rate, Math.Round(limit, 4), space), service, known);
    }

    /// <summary>The same question with other settings: budgets, verification, strategy, durations of the load.</summary>
    public SimulatedSweep With(Func<Sweep, Sweep> change)
    {
        var changed = change(Sweep);
        var sameTruth = ReferenceEquals(changed.Load, Sweep.Load) && ReferenceEquals(changed.Space, Sweep.Space);
        return new SimulatedSweep(changed, Service, sameTruth ? truth : TruthsOf(Service, changed));
    }

    /// <summary>The true p99 in seconds; infinite for a candidate that fails or whose queue grows without end.</summary>
    public double TrueP99(Candidate candidate) => truth[candidate];

    /// <summary>How far the true p99 is under the limit, as a share of the limit; negative where it is over it.</summary>
    public double Margin(Candidate candidate) => 1 - (truth[candidate] / Sweep.Slos[0].Limit);

    public bool IsFeasible(Candidate candidate) => Margin(candidate) >= 0;

    /// <summary>The cheapest candidate whose true p99 is at least this share under the limit.</summary>
    public Candidate? CheapestWithMargin(double margin) => truth
        .Where(pair => Margin(pair.Key) >= margin)
        .OrderBy(pair => Sweep.PerHour(pair.Key))
        .ThenBy(pair => pair.Value)
        .Select(pair => pair.Key)
        .FirstOrDefault();

    /// <summary>How much dearer the candidate is than the best one: 0 for the best.</summary>
    public double Regret(Candidate candidate) => Best is { } best ? ((double)Sweep.PerHour(candidate) / (double)Sweep.PerHour(best)) - 1 : 0;

    private static Dictionary<Candidate, double> TruthsOf(SimulatedService service, Sweep sweep) =>
        sweep.Space.Enumerate().ToDictionary(candidate => candidate, candidate => TruthOf(service, sweep, candidate));

    private static double TruthOf(SimulatedService service, Sweep sweep, Candidate candidate) =>
        service.Surface.FailureOf(candidate) is null ? service.TrueQuantile(candidate, sweep.Load, 0.99) : double.PositiveInfinity;

    private static Sweep SweepOf(int seed, double rate, double limit, SearchSpace space) => new()
    {
        Name = $"simulated-{seed}",
        Target = new Target.Endpoint { Urls = [new Uri("http://127.0.0.1:1/")] },
        Space = space,
        Baseline = space.At([0.9, 0, 0, 0, 0.9]),
        Load = new LoadProfile
        {
            Request = new RequestTemplate(),
            Arrival = Arrival.Poisson,
            Phases = [new RatePhase("steady", TimeSpan.FromSeconds(20), rate)],
        },
        Slos =
        [
            new Slo { Text = $"p99 latency <= {limit * 1000}ms", Metric = new QuantileMetric(Measurement.LatencySeries, 0.99), Bound = Bound.AtMost, Limit = limit },
            new Slo { Text = "error rate <= 1%", Metric = new ErrorRateMetric(), Bound = Bound.AtMost, Limit = 0.01 },
        ],
        Objective = Objective.CostPerHour,
        Cost = new CostModel.ByInstance("USD", Formula("replicas")),
        Search = new SearchSettings { Seed = seed },
        Measurement = new MeasurementSettings { Warmup = TimeSpan.FromSeconds(5) },
        Budget = new SweepBudget { Trials = 60 },
        Verification = new VerificationSettings(),
        Fingerprint = $"simulated-{seed}",
    };

    private static SearchSpace SpaceOf(decimal fast, decimal large) => new()
    {
        Parameters =
        [
            new IntegerParameter("replicas", 1, 4),
            new IntegerParameter("workers", 1, 4) { Scale = Scale.Log2 },
            new IntegerParameter("threads", 1, 4) { Scale = Scale.Log2 },
            new CategoricalParameter("batchSize", [ParameterValue.Of(1), ParameterValue.Of(4), ParameterValue.Of(8), ParameterValue.Of(16)]),
            new CategoricalParameter(SearchSpace.InstanceTypeParameter, [ParameterValue.Of(Small), ParameterValue.Of(Fast), ParameterValue.Of(Large)]),
        ],
        Constraints = [new Constraint(Formula("workers * threads <= instance.vcpus"))],
        Instances = ImmutableDictionary<string, InstanceType>.Empty
            .Add(Small, new InstanceType { Name = Small, Vcpus = 2, MemoryGib = 4, PricePerHour = 0.085m })
            .Add(Large, new InstanceType { Name = Large, Vcpus = 4, MemoryGib = 16, PricePerHour = large })
            .Add(Fast, new InstanceType { Name = Fast, Vcpus = 2, MemoryGib = 8, PricePerHour = fast }),
    };

    private static Expression Formula(string text) =>
        Expression.TryParse(text, out var expression, out var error) ? expression : throw new InvalidOperationException(error);
}
