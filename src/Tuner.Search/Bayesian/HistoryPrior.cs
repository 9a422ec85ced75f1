using MathNet.Numerics.LinearAlgebra;
using Tuner.Core.Search;

namespace Tuner.Search.Bayesian;

/// <summary>
/// What earlier sweeps of the same workload predict of z: for each particle the mean of its Gaussian process given their
/// measurements, each sweep around its own median. Some particles take its shape only, some its level too. Of a measured
/// objective it predicts the shape only. Whether history is believed at all, the evidence of the new trials decides
/// (<see cref="PreparedProblem.PriorFor"/>).
/// </summary>
internal sealed class HistoryPrior
{
    /// <summary>More readings of an SLO than this are not used, the newest are; the preparation stays within a second.</summary>
    private const int MostReadings = 64;

    private readonly Reading[][][] sweeps;
    private readonly Reading[] objective;

    /// <param name="sweeps">By SLO and sweep, the oldest first: what was measured exactly.</param>
    /// <param name="objective">Of a measured objective, each sweep's readings around their own mean.</param>
    private HistoryPrior(Reading[][][] sweeps, Reading[] objective) => (this.sweeps, this.objective) = (sweeps, objective);

    /// <summary>Null where no sweep of the history measured anything in the pool.</summary>
    public static HistoryPrior? Of(SearchProblem problem, CandidatePool pool)
    {
        var earlier = problem.History.Select(observations => Evidence.Of(problem, pool, observations)).ToArray();
        var bySlo = Enumerable.Range(0, problem.Slos.Length)
            .Select(slo => earlier.Select(sweep => sweep.Readings[slo].Where(reading => reading.IsExact).ToArray()).Where(exact => exact.Length > 0).ToArray())
            .ToArray();
        return Array.TrueForAll(bySlo, of => of.Length == 0) ? null : new HistoryPrior(bySlo, [.. earlier.SelectMany(sweep => sweep.Objective?.Readings ?? []).TakeLast(MostReadings)]);
    }

    /// <summary>The particles, each with the trust in history that is part of its belief.</summary>
    public Particle[] Believed(Particle[] particles, int seed)
    {
        var random = new Random(unchecked((seed * 31) + 17));
        return [.. particles.Select((particle, number) => particle.Trusting(TrustOf(number), random))];
    }

    /// <summary>The predicted z of every candidate; null for a particle that trusts nothing.</summary>
    public float[]? Predict(FeatureTable features, int slo, Particle particle, HistoryTrust trust)
    {
        if (trust is HistoryTrust.None)
        {
            return null;
        }

        var seen = Array.ConvertAll(sweeps[slo], sweep => Array.ConvertAll(sweep, reading => reading.SeenBy(particle).Seen));
        var levels = Array.ConvertAll(seen, sweep => Median(sweep.Select(reading => reading.Low)));
        var known = seen.Zip(levels, (sweep, level) => sweep.Select(reading => Reading.Exact(reading.Id, reading.Low - level))).SelectMany(sweep => sweep);
        var prediction = Predict(features, [.. known.TakeLast(MostReadings)], particle);
        var shift = trust is HistoryTrust.Level && levels.Length > 0 ? (float)levels[^1] : Particle.UnknownLevel - (float)Median(prediction.Select(value => (double)value));
        return Array.ConvertAll(prediction, value => value + shift);
    }

    /// <summary>
    /// What a measured objective is predicted to be at every candidate, up to a constant: each sweep's readings lie around
    /// the mean of what that sweep tried.
    /// </summary>
    public float[] PredictObjective(FeatureTable features, Particle particle) => Predict(features, objective, particle);

    private static float[] Predict(FeatureTable features, Reading[] known, Particle particle)
    {
        var prediction = Prior(features, particle);
        if (known.Length == 0)
        {
            return prediction;
        }

        var columns = Array.ConvertAll(known, reading => Kernel.Column(features, particle, reading.Id));
        var noise = (particle.Noise * particle.Noise) + 1e-6;
        var covariance = Matrix<double>.Build.Dense(known.Length, known.Length, (row, column) => columns[column][known[row].Id] + (row == column ? noise : 0));
        var gap = Vector<double>.Build.Dense(known.Length, row => known[row].Low - prediction[known[row].Id]);
        var weights = covariance.Cholesky().Solve(gap);
        for (var row = 0; row < known.Length; row++)
        {
            Spans.AddScaled(columns[row], (float)weights[row], prediction);
        }

        return prediction;
    }

    /// <summary>A third of the particles believes the shape only, with and without a belief in cost.</summary>
    private static HistoryTrust TrustOf(int number) => number / 2 % 3 == 0 ? HistoryTrust.Shape : HistoryTrust.Level;

    private static float[] Prior(FeatureTable features, Particle particle)
    {
        var mean = new float[features.Count];
        for (var slope = 0; slope < features.Trend.Count; slope++)
        {
            Spans.AddScaled(features.Trend[slope], (float)particle.SlopeMeans[slope], mean);
        }

        return mean;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
