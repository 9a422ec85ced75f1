namespace Tuner.Search.Bayesian;

/// <summary>
/// What a particle makes of a z above the limit: its logarithm, linear up to about the scale (a warped Gaussian process,
/// Snelson, Rasmussen and Ghahramani 2004). Where a service saturates, latency rises like a cliff, which no smooth function
/// has; under a small scale the cliff is a slope that neighbours tell of. Zero stays zero, so that the warped one is feasible
/// where the measured one is.
/// </summary>
/// <param name="Scale">In ln units; infinite where nothing is warped.</param>
internal readonly record struct Warping(double Scale)
{
    public static readonly Warping None = new(double.PositiveInfinity);

    public double Of(double z) => IsLinearAt(z) ? z : Scale * double.LogP1(z / Scale);

    /// <summary>The derivative: what becomes of a small error of z, and of a probability density.</summary>
    public double SlopeAt(double z) => IsLinearAt(z) ? 1 : 1 / (1 + (z / Scale));

    private bool IsLinearAt(double z) => z <= 0 || double.IsPositiveInfinity(Scale);
}
