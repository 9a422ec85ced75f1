using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Testing.SearchTasks;

/// <summary>
/// A search whose objective has to be measured: the cost of a million requests at capacity, under a limit on the mean
/// latency. 216 candidates; replicas share a bottleneck, workers slow each other down, batches share a fixed cost, and the
/// larger machine may or may not be worth its price. Each number is another service.
/// </summary>
public sealed class CapacityTask
{
    private const int Users = 64;
    private const double ThroughputNoise = 0.03;
    private const double LatencyNoise = 0.08;

    private readonly double inference;
    private readonly double fixedShare;
    private readonly double contention;
    private readonly double bottleneck;
    private readonly double speed;
    private readonly double price;
    private readonly double limit;

    public CapacityTask(int number)
    {
        var chance = new Random((number * 7_919) + 5);
        double Between(double low, double high) => low + ((high - low) * chance.NextDouble());
        (inference, fixedShare, contention) = (Between(0.005, 0.03), Between(0.2, 0.8), Between(0.02, 0.25));
        (bottleneck, speed, price) = (Between(4, 40) / inference, Between(1.3, 2.6), Between(1.4, 2.4));
        var space = new SearchSpace
        {
            Parameters =
            [
                new IntegerParameter("replicas", 1, 6),
                new IntegerParameter("workers", 1, 4) { Scale = Scale.Log2 },
                new IntegerParameter("batch", 1, 32) { Scale = Scale.Log2 },
                new CategoricalParameter("kind", [ParameterValue.Of("small"), ParameterValue.Of("large")]),
            ],
        };
        Candidates = [.. space.Enumerate()];
        var latencies = Candidates.Select(Latency).Order().ToArray();
        limit = latencies[(int)(latencies.Length * Between(0.3, 0.7))] * 1.05;
        Problem = new SearchProblem
        {
            Space = space,
            CostPerHour = CostPerHour,
            Objective = ObjectiveBasis.MeasuredPerPrice,
            Slos = [new Slo { Text = "mean latency", Metric = new MeanMetric("latency"), Bound = Bound.AtMost, Limit = limit }],
            Seed = number,
        };
        Best = Candidates.Where(IsFeasible).Min(CostPerMillion);
    }

    public SearchProblem Problem { get; }

    public ImmutableArray<Candidate> Candidates { get; }

    /// <summary>The least cost of a million requests among the feasible.</summary>
    public double Best { get; }

    public bool IsFeasible(Candidate candidate) => Latency(candidate) <= limit;

    /// <summary>How much more a million requests cost than with the best; null where the limit is violated.</summary>
    public double? Regret(Candidate candidate) => IsFeasible(candidate) ? (CostPerMillion(candidate) / Best) - 1 : null;

    public double CostPerMillion(Candidate candidate) => CostPerHour(candidate) / 3600 / Throughput(candidate) * 1e6;

    /// <summary>One trial of it.</summary>
    public Observation Measure(Candidate candidate, int trial)
    {
        var random = new Random(unchecked((Problem.Seed * 1_000_003) + (trial * 7_919)));
        var z = Math.Log(Latency(candidate) / limit) + (LatencyNoise * SearchTask.Gauss(random));
        return new Observation.Measured(candidate, [z]) { Objective = CostPerMillion(candidate) * Math.Exp(ThroughputNoise * SearchTask.Gauss(random)) };
    }

    private double CostPerHour(Candidate candidate) => candidate["replicas"].Number!.Value * (IsLarge(candidate) ? price : 1);

    /// <summary>Requests per second when all users are busy.</summary>
    private double Throughput(Candidate candidate)
    {
        double Knob(string name) => candidate[name].Number!.Value;
        var one = inference * (1 + (contention * (Knob("workers") - 1))) / (IsLarge(candidate) ? speed : 1);
        var batch = Math.Min(Knob("batch"), Math.Max(1, Users / (Knob("replicas") * Knob("workers"))));
        var free = Knob("replicas") * Knob("workers") * batch / (one * (fixedShare + ((1 - fixedShare) * batch)));
        return free / (1 + (free / bottleneck));
    }

    /// <summary>Little's law for the users of a closed model, and the time that a batch takes to fill.</summary>
    private double Latency(Candidate candidate) => (Users / Throughput(candidate)) + (inference * 0.1 * candidate["batch"].Number!.Value);

    private static bool IsLarge(Candidate candidate) => string.Equals(candidate["kind"].Text, "large", StringComparison.Ordinal);
}
