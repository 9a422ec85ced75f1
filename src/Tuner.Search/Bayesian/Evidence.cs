using Tuner.Core.Search;
using Tuner.Core.Slos;

namespace Tuner.Search.Bayesian;

/// <summary>What one measurement says of a latent function at a candidate: its value, or only a bound on it.</summary>
internal readonly record struct Reading(int Id, double Low, double High)
{
    public static Reading Exact(int id, double value) => new(id, value, value);

    public static Reading AtMost(int id, double bound) => new(id, double.NegativeInfinity, bound);

    public static Reading AtLeast(int id, double bound) => new(id, bound, double.PositiveInfinity);

    public bool IsExact => Low == High;

    /// <summary>Whether each particle warps it by its own belief: a ratio of latencies, unlike a utilization or an objective.</summary>
    public bool IsWarped { get; init; }

    /// <summary>The reading as such a particle sees it, and the slope of its warping there.</summary>
    public (Reading Seen, double Slope) SeenBy(Particle particle) =>
        IsWarped ? (Exact(Id, particle.Warping.Of(Low)), particle.Warping.SlopeAt(Low)) : (this, 1);
}

/// <summary>
/// What was measured, as the model sees it: for each SLO readings of its z, exact ones first; repeats are repeated rows.
/// One more function says where candidates fail altogether; it is positive there.
/// </summary>
internal sealed class Evidence
{
    /// <summary>An error rate above this is a failure, not a measurement of load.</summary>
    private const double AllFail = 0.98;

    /// <summary>The z of a metric that is missing from a measurement: clearly missed.</summary>
    private const double MissingMetric = 0.8;

    /// <summary>No decision depends on how much faster than this a candidate is.</summary>
    private const double ClearlyMet = -2;

    /// <summary>Three thousand times the limit: beyond it measurements end by timeouts.</summary>
    private const double Timeout = 8;

    private Evidence(int[] measured, Reading[][] readings, int[] pending, int[] noAnswers, ObjectiveReadings? objective)
    {
        Measured = measured;
        Readings = readings;
        Pending = pending;
        NoAnswers = noAnswers;
        Objective = objective;
    }

    /// <summary>The measured or failed candidates, in the order of the observations.</summary>
    public int[] Measured { get; }

    /// <summary>By SLO, then the function of failures; the latter empty while nothing failed.</summary>
    public Reading[][] Readings { get; }

    public int[] Pending { get; }

    /// <summary>Measured candidates that are no answer in any world.</summary>
    public int[] NoAnswers { get; }

    /// <summary>What is minimized, where it is measured; null where it is known.</summary>
    public ObjectiveReadings? Objective { get; }

    public static Evidence Of(SearchProblem problem, CandidatePool pool, IReadOnlyList<Observation> observations)
    {
        var (ids, pending, noAnswers) = (new List<int>(), new List<int>(), new List<int>());
        var slos = problem.Slos.Length;
        var readings = Enumerable.Range(0, slos + 1).Select(_ => new List<Reading>()).ToArray();
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
            if (observation is Observation.Measured { IsNoAnswer: true })
            {
                noAnswers.Add(id);
            }

            var z = observation is Observation.Measured measured ? measured.LogViolations.AsSpan() : [];
            var errors = ErrorRate(problem, z);
            var failed = z.IsEmpty || errors > AllFail;
            readings[slos].Add(failed ? Reading.AtLeast(id, 0) : Reading.AtMost(id, 0));
            for (var slo = 0; slo < slos && !failed; slo++)
            {
                if (OfSlo(problem.Slos[slo], id, z[slo], overloaded: errors > ErrorLimit(problem)) is { } reading)
                {
                    readings[slo].Add(reading);
                }
            }
        }

        if (readings[slos].TrueForAll(reading => reading.High <= 0))
        {
            readings[slos].Clear();
        }

        return new Evidence([.. ids], [.. readings.Select(list => list.OrderBy(reading => reading.IsExact ? 0 : 1).ToArray())], [.. pending], [.. noAnswers], ObjectiveReadings.Of(problem, pool, observations));
    }

    /// <summary>
    /// What a measured z says of its SLO; null where it says nothing: under overload the requests that got through can be
    /// fast, and only a missed limit is to be believed.
    /// </summary>
    private static Reading? OfSlo(Slo slo, int id, double z, bool overloaded)
    {
        if (slo.Metric is ErrorRateMetric)
        {
            return OfErrors(id, double.IsNaN(z) ? MissingMetric : z, slo.Limit);
        }

        var value = double.IsNaN(z) ? MissingMetric : z;
        return overloaded && value <= 0 ? null : Reading.Exact(id, Math.Clamp(value, ClearlyMet, Timeout)) with { IsWarped = true };
    }

    /// <summary>
    /// Where requests are lost, the share that gets through says how far demand exceeds capacity: ln(1/(1 - e)) falls like
    /// the logarithm of a utilization. Where none are lost, the utilization is only known to be below one.
    /// </summary>
    private static Reading OfErrors(int id, double z, double limit)
    {
        var errors = Math.Min(AllFail, Math.Max(limit, 1e-9) * Math.Exp(z));
        return errors <= limit ? Reading.AtMost(id, 0) : Reading.Exact(id, Math.Log(1 - limit) - Math.Log(1 - errors));
    }

    private static double? ErrorRate(SearchProblem problem, ReadOnlySpan<double> z)
    {
        double? highest = null;
        for (var slo = 0; slo < z.Length; slo++)
        {
            if (problem.Slos[slo].Metric is ErrorRateMetric)
            {
                highest = Math.Max(highest ?? 0, double.IsNaN(z[slo]) ? 0 : Math.Max(problem.Slos[slo].Limit, 1e-9) * Math.Exp(z[slo]));
            }
        }

        return highest;
    }

    private static double ErrorLimit(SearchProblem problem) =>
        problem.Slos.Where(slo => slo.Metric is ErrorRateMetric).Select(slo => slo.Limit).DefaultIfEmpty(1).Min();
}
