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
            var hidden = share * prior.Hidden * Missed(run.Length, prior);
            return hidden * hidden;
        });
        return Distributions.NormalQuantile(1 - plan.Level) * Math.Sqrt(variance);
    }

    /// <summary>
    /// What a run of some seconds may miss, relative to one of <see cref="NoisePrior.HiddenSeconds"/>: what comes at random is
    /// missed altogether with a chance that falls exponentially, and weighs the more the shorter the run is that it falls into.
    /// </summary>
    private static double Missed(int seconds, NoisePrior prior) => seconds < prior.HiddenSeconds
        ? prior.HiddenSeconds / Math.Max(seconds, 1)
        : Math.Exp((prior.HiddenSeconds - seconds) / prior.HiddenFadeSeconds);

    /// <summary>
    /// How far the mean level of the seconds (ln of each second's mean latency) may lie under its long-run value. The share
    /// beyond a tail quantile is so skewed where levels wander that a short run mostly sees too little of it: this part
    /// widens the upper side. The levels are taken as AR(1) whose correlation fades in <see cref="NoisePrior.WanderSeconds"/>;
    /// what a short run cannot show of their spread is added back.
    /// </summary>
    public static (double Deviation, double HalfWidth) Level(IReadOnlyList<RunSeconds> runs, string series, double relativeSpread, JudgingPlan plan)
    {
        double squares = 0, seconds = 0, requests = 0, degrees = 0;
        var lengths = new List<int>();
        foreach (var segment in runs.SelectMany(run => run.Segments()))
        {
            var filled = segment.Select(second => second.Series.GetValueOrDefault(series)).Where(histogram => histogram is { Count: > 0 }).ToList();
            if (filled.Count < 3)
            {
                continue;
            }

            var levels = filled.ConvertAll(histogram => Math.Log(Math.Max(histogram!.Mean.TotalSeconds, 1e-9)));
            var mean = levels.Average();
            squares += levels.Sum(level => (level - mean) * (level - mean));
            seconds += levels.Count;
            requests += filled.Sum(histogram => histogram!.Count);
            degrees += Math.Max(2, (levels.Count / plan.Noise.WanderSeconds) - 1);
            lengths.Add(levels.Count);
        }

        if (lengths.Count == 0)
        {
            return (0, 0);
        }

        // The scatter of a second's mean by the chance in its requests is no wandering; what so short a segment cannot show is.
        var prior = plan.Noise;
        var meanVariances = lengths.ConvertAll(length => MeanVariance(length, prior.WanderSeconds));
        var observed = Math.Max(0, (squares / seconds) - (relativeSpread * relativeSpread * seconds / requests)) / Math.Max(0.05, 1 - meanVariances.Average());
        var wander = ((prior.WanderDegrees * prior.Wander * prior.Wander) + (degrees * observed)) / (prior.WanderDegrees + degrees);
        var variance = wander * lengths.Zip(meanVariances, (length, mean) => (double)length * length * mean).Sum();
        var deviation = Math.Sqrt(variance) / seconds;
        return (deviation, Distributions.StudentQuantile(1 - plan.Level, prior.WanderDegrees + degrees) * deviation);
    }

    /// <summary>The variance of the mean of an AR(1) series with unit variance.</summary>
    private static double MeanVariance(int length, double correlationSeconds)
    {
        var keep = Math.Exp(-1 / correlationSeconds);
        var sum = 1.0;
        for (var lag = 1; lag < length; lag++)
        {
            sum += 2 * (1 - ((double)lag / length)) * Math.Pow(keep, lag);
        }

        return Math.Min(1, sum / length);
    }
}
