using Tuner.Core.Search;
using Tuner.Core.Slos;

namespace Tuner.Search.Bayesian;

/// <summary>What was measured, as the model sees it: for each SLO a list of z at candidates of the pool; repeats are repeated rows.</summary>
internal sealed class Evidence
{
    /// <summary>The z that a failed candidate counts as having, at least, for every SLO: the end of the unsquashed scale.</summary>
    private const double Failure = 0.8;

    private Evidence(int[] ids, double[][] violations, int[] pending)
    {
        Ids = ids;
        Violations = violations;
        Pending = pending;
    }

    /// <summary>The measured or failed candidates, in the order of the observations.</summary>
    public int[] Ids { get; }

    /// <summary>By SLO, then in the order of <see cref="Ids"/>: squashed z, never NaN.</summary>
    public double[][] Violations { get; }

    public int[] Pending { get; }

    public static Evidence Of(SearchProblem problem, CandidatePool pool, IReadOnlyList<Observation> observations)
    {
        var ids = new List<int>();
        var violations = problem.Slos.Select(_ => new List<double>()).ToArray();
        var pending = new List<int>();
        foreach (var observation in observations)
        {
            var id = pool.IndexOf(observation.Candidate);
            if (id < 0)
            {
                continue;
            }

            if (observation is Observation.Pending)
            {
                pending.Add(id);
                continue;
            }

            ids.Add(id);
            var z = observation is Observation.Measured measured ? measured.LogViolations.AsSpan() : [];
            var failed = IsFailure(problem, z);
            for (var slo = 0; slo < violations.Length; slo++)
            {
                var raw = slo < z.Length && !double.IsNaN(z[slo]) ? z[slo] : Failure;
                violations[slo].Add(Squash(failed ? Math.Max(raw, Failure) : raw));
            }
        }

        return new Evidence([.. ids], [.. violations.Select(list => list.ToArray())], [.. pending]);
    }

    /// <summary>A crash, or an error rate above its limit: the other numbers describe the requests that got through.</summary>
    private static bool IsFailure(SearchProblem problem, ReadOnlySpan<double> z)
    {
        for (var slo = 0; slo < z.Length; slo++)
        {
            if (problem.Slos[slo].Metric is ErrorRateMetric && z[slo] > 0)
            {
                return true;
            }
        }

        return z.IsEmpty;
    }

    /// <summary>Keeps what happens near the limit and compresses what is far from it, where no decision depends on it.</summary>
    internal static double Squash(double z) => z > 0.8 ? Math.Min(3, 0.8 + (0.8 * (z - 0.8))) : Math.Max(-2, z);
}
