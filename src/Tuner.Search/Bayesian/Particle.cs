namespace Tuner.Search.Bayesian;

/// <summary>
/// One belief about how an SLO's z varies over the space: hyper-parameters drawn once from their priors, never fitted.
/// K = s^2 Matern52(r) + t^2 U diag(sd^2) U' + 1, mean U mu + a constant; columns whose scale is zero take no part.
/// </summary>
internal sealed class Particle
{
    /// <summary>Where the middle candidate is expected before anything is measured: it rather misses its SLOs than meets them.</summary>
    public const float UnknownLevel = 0.1f;

    public required float[] InverseLengths { get; init; }

    /// <summary>The prior mean of z.</summary>
    public required float Mean { get; init; }

    /// <summary>The deviation of the prior mean, in ln units.</summary>
    public double MeanDeviation { get; init; } = Kernel.MeanDeviation;

    /// <summary>How far earlier sweeps of the workload are believed.</summary>
    public HistoryTrust Trust { get; init; }

    /// <summary>s: the deviation of what the trend does not explain, in ln units.</summary>
    public required double Deviation { get; init; }

    /// <summary>The prior of each trend column's slope.</summary>
    public required double[] SlopeMeans { get; init; }

    public required double[] SlopeDeviations { get; init; }

    /// <summary>The deviation of ln of a measured value around its truth.</summary>
    public required double Noise { get; init; }

    /// <summary>How what is measured above the limit is seen.</summary>
    public Warping Warping { get; init; } = Warping.None;

    public static Particle Draw(FeatureTable features, Random random, bool useCost)
    {
        var inverse = new float[features.Kernel.Count];
        for (var column = 0; column < inverse.Length; column++)
        {
            inverse[column] = (float)(1 / LogUniform(random, 0.4, 5));
        }

        // Half of the particles that believe in cost also hold candidates of equal cost alike.
        if (features.CostColumn >= 0 && !(useCost && random.NextDouble() < 0.5))
        {
            inverse[features.CostColumn] = 0;
        }

        var deviation = LogUniform(random, 0.25, 1.3);
        var trendScale = LogUniform(random, 0.4, 1.6);
        var noise = LogUniform(random, 0.02, 0.12);
        bool Takes(SlopePrior prior) => useCost || prior != SlopePrior.Cost;
        return new Particle
        {
            InverseLengths = inverse,
            Deviation = deviation,
            SlopeMeans = [.. features.Slopes.Select(prior => Takes(prior) ? prior.Mean : 0)],
            SlopeDeviations = [.. features.Slopes.Select(prior => Takes(prior) ? trendScale * prior.Deviation : 0)],
            Noise = noise,
            Warping = new Warping(LogUniform(random, 0.15, 5)),
            Mean = UnknownLevel,
        };
    }

    /// <summary>The same similarities for the function of failures, of which nobody knows the direction and which are rather rare.</summary>
    public Particle ForFailures(FeatureTable features) => new()
    {
        InverseLengths = InverseLengths,
        Deviation = Deviation,
        Noise = Noise,
        Mean = -1,
        SlopeMeans = [.. features.Slopes.Select(prior => prior == SlopePrior.Attribute ? prior.Mean : 0)],
        SlopeDeviations = SlopeDeviations,
    };

    /// <summary>
    /// The same similarities for a measured objective, around the mean of what was measured. Where its price is a factor of
    /// it, the other factor is the time that a request takes, which falls with what makes a service faster; of any other
    /// number nobody knows the direction.
    /// </summary>
    public Particle ForObjective(bool perPrice) => new()
    {
        InverseLengths = InverseLengths,
        Deviation = Deviation,
        Noise = Noise,
        Mean = 0,
        SlopeMeans = perPrice ? SlopeMeans : new double[SlopeMeans.Length],
        SlopeDeviations = SlopeDeviations,
    };

    /// <summary>
    /// The same belief about what earlier sweeps did not show: their prediction takes the place of mean and trend, and what
    /// may differ from it is smaller by a factor that is part of the belief.
    /// </summary>
    public Particle Trusting(HistoryTrust trust, Random random)
    {
        var shrink = LogUniform(random, 0.3, 1);
        return trust is HistoryTrust.None ? this : new Particle
        {
            InverseLengths = InverseLengths,
            Deviation = Deviation * shrink,
            SlopeMeans = new double[SlopeMeans.Length],
            SlopeDeviations = Array.ConvertAll(SlopeDeviations, deviation => deviation * shrink),
            Noise = Noise,
            Warping = Warping,
            Mean = 0,
            MeanDeviation = trust is HistoryTrust.Level ? LogUniform(random, 0.05, 0.3) : MeanDeviation,
            Trust = trust,
        };
    }

    private static double LogUniform(Random random, double low, double high) => low * Math.Pow(high / low, random.NextDouble());
}

/// <summary>What a particle takes from earlier sweeps; the evidence of this sweep's trials decides between them.</summary>
internal enum HistoryTrust
{
    /// <summary>Nothing: the service is another one by now.</summary>
    None,

    /// <summary>Which candidates are faster than which, and by how much.</summary>
    Shape,

    /// <summary>The measured values themselves.</summary>
    Level,
}
