using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Testing.SearchTasks;

/// <summary>A search with a known answer: what every candidate costs, how far it truly is from each SLO, how noisy a trial is.</summary>
public sealed class SearchTask
{
    private readonly Dictionary<Candidate, int> index;

    /// <param name="name">Family and number.</param>
    /// <param name="problem">A listed space.</param>
    /// <param name="violations">By candidate of the list, by SLO: the true ln(value/limit) or ln(limit/value).</param>
    /// <param name="noise">By SLO: the deviation of ln of a measured value.</param>
    public SearchTask(string name, SearchProblem problem, double[][] violations, double[] noise)
    {
        (Name, Problem, Violations, Noise) = (name, problem, violations, noise);
        Candidates = problem.Space.Listed!.Value;
        Cost = [.. Candidates.Select(problem.CostPerHour)];
        index = Enumerable.Range(0, Candidates.Length).ToDictionary(id => Candidates[id]);
        OptimalCost = Enumerable.Range(0, Candidates.Length).Where(IsFeasible).Select(id => Cost[id]).DefaultIfEmpty(double.NaN).Min();
    }

    public string Name { get; }

    public string Family => Name.Split('-')[0];

    public SearchProblem Problem { get; }

    public ImmutableArray<Candidate> Candidates { get; }

    public double[] Cost { get; }

    public double[][] Violations { get; }

    public double[] Noise { get; }

    /// <summary>NaN when nothing is feasible.</summary>
    public double OptimalCost { get; }

    public int IndexOf(Candidate candidate) => index[candidate];

    public bool IsFeasible(int id) => Violations[id].All(z => z <= 0);

    public bool IsOptimal(int id) => IsFeasible(id) && Cost[id] <= OptimalCost * (1 + 1e-9);

    /// <summary>One trial: lognormal noise by seed, candidate and repetition, cut at three deviations.</summary>
    public Observation Measure(int id, int seed, int repetition)
    {
        var random = new Random(HashCode(seed, id, repetition));
        return new Observation.Measured(Candidates[id], [.. Violations[id].Select((z, slo) => z + (Noise[slo] * Gauss(random)))]);
    }

    internal static double Gauss(Random random) =>
        Math.Clamp(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()), -3, 3);

    private static int HashCode(int seed, int id, int repetition) => unchecked((((seed * 1_000_003) + id) * 7_919) + (repetition * 104_729));
}
