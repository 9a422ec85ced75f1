using Tuner.Core.Statistics;

namespace Tuner.Core.Slos;

/// <summary>
/// The parts of an interval that the seconds of the runs do not show: between deployments, and slow disturbance that a
/// short run catches or misses as a whole. Half-widths on the log scale.
/// </summary>
internal static class NoiseParts
{
    /// <summary>
    /// Deviation between deployments: the assumed one, corrected by what the repeats show beyond their own noise
    /// (a scaled inverse chi-squared prior, so the half-width follows Student's t with the degrees of both).
    /// </summary>
    /// <param name="logs">ln(value) of each run.</param>
    /// <param name="withinVariance">The variance of one run's ln(value) by its own noise.</param>
    public static (double Deviation, double HalfWidth) Between(IReadOnlyList<double> logs, double withinVariance, JudgingPlan plan)
    {
        var prior = plan.Noise;
        var degrees = prior.BetweenDegrees + logs.Count - 1;
        var mean = logs.Average();
        var excess = Math.Max(0, logs.Sum(log => (log - mean) * (log - mean)) - ((logs.Count - 1) * withinVariance));
        var deviation = Math.Sqrt(((prior.BetweenDegrees * prior.Between * prior.Between) + excess) / degrees);
        return (deviation, Distributions.StudentQuantile(1 - plan.Level, degrees) * deviation / Math.Sqrt(logs.Count));
    }

    /// <summary>What the runs, together, may have caught or missed.</summary>
    public static double Hidden(IReadOnlyList<RunSeconds> runs, JudgingPlan plan)
    {
        var prior = plan.Noise;
        double total = runs.Sum(run => run.Length);
        var variance = runs.Sum(run =>
        {
            var share = run.Length / total;
            var fade = prior.HiddenSeconds / Math.Max(run.Length, 1);
            return share * share * prior.Hidden * prior.Hidden * fade * fade;
        });
        return Distributions.NormalQuantile(1 - plan.Level) * Math.Sqrt(variance);
    }

    /// <summary>
    /// How far the mean level of the seconds (ln of each second's mean latency) may be from its long-run value, given how
    /// alike neighbouring seconds are: where the level wanders, the seconds that make the tail were perhaps not seen yet.
    /// </summary>
    public static double Level(IReadOnlyList<RunSeconds> runs, string series, JudgingPlan plan)
    {
        double variance = 0, total = 0, degrees = 0;
        foreach (var run in runs)
        {
            var levels = Enumerable.Range(0, run.Length)
                .Select(second => run.Histogram(second, series))
                .Where(histogram => histogram is { Count: > 0 })
                .Select(histogram => Math.Log(Math.Max(histogram!.Mean.TotalSeconds, 1e-9)))
                .ToArray();
            var cosines = LongRunVariance.Degrees(levels.Length);
            variance += levels.Length * LongRunVariance.Estimate(levels, cosines);
            total += levels.Length;
            degrees += cosines;
        }

        return degrees == 0 ? 0 : Distributions.StudentQuantile(1 - plan.Level, degrees) * Math.Sqrt(variance) / total;
    }
}
