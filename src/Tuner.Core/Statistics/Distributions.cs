namespace Tuner.Core.Statistics;

/// <summary>Quantiles of the distributions that bounds are built from.</summary>
public static class Distributions
{
    /// <summary>The standard normal quantile (Acklam's rational approximation, one Halley step: about 1e-12).</summary>
    public static double NormalQuantile(double probability)
    {
        if (probability is <= 0 or >= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability strictly between 0 and 1 is needed.");
        }

        var x = Acklam(probability);
        var error = NormalCdf(x) - probability;
        var u = error * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
        return x - (u / (1 + (x * u / 2)));
    }

    public static double NormalCdf(double x)
    {
        // Φ(x) by Student's t with very many degrees is too coarse; the incomplete gamma series is exact enough.
        var t = Math.Abs(x);
        if (t > 38)
        {
            return x > 0 ? 1 : 0;
        }

        var tail = t < 5 ? 0.5 - (Series(t) * Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI)) : Math.Exp(-t * t / 2) / Math.Sqrt(2 * Math.PI) / Fraction(t);
        return x > 0 ? 1 - tail : tail;

        static double Series(double t)
        {
            double sum = t, term = t;
            for (var k = 3; term > sum * 1e-17; k += 2)
            {
                term *= t * t / k;
                sum += term;
            }

            return sum;
        }

        static double Fraction(double t)
        {
            var value = t;
            for (var k = 60; k >= 1; k--)
            {
                value = t + (k / value);
            }

            return value;
        }
    }

    /// <summary>The quantile of Student's t; degrees of freedom need not be whole.</summary>
    public static double StudentQuantile(double probability, double degrees)
    {
        if (degrees > 1e6)
        {
            return NormalQuantile(probability);
        }

        var upper = Math.Max(probability, 1 - probability);
        if (upper == 0.5)
        {
            return 0;
        }

        // P(T <= t) = 1 - I(ν / (ν + t²); ν/2, 1/2) / 2 for t > 0.
        var share = BetaQuantile(2 * (1 - upper), degrees / 2, 0.5);
        var t = Math.Sqrt(degrees * (1 - share) / Math.Max(share, 1e-300));
        return probability < 0.5 ? -t : t;
    }

    /// <summary>The share of Student's t below <paramref name="t"/>.</summary>
    public static double StudentCdf(double t, double degrees)
    {
        if (degrees > 1e6)
        {
            return NormalCdf(t);
        }

        var beyond = SpecialFunctions.RegularizedBeta(degrees / (degrees + (t * t)), degrees / 2, 0.5) / 2;
        return t > 0 ? 1 - beyond : beyond;
    }

    /// <summary>The quantile of Beta(a, b), by bisection on the logit scale.</summary>
    public static double BetaQuantile(double probability, double a, double b)
    {
        double low = -700, high = 37;
        for (var step = 0; step < 200 && high - low > 1e-13 * Math.Max(1, Math.Abs(low)); step++)
        {
            var middle = (low + high) / 2;
            if (SpecialFunctions.RegularizedBeta(Logistic(middle), a, b) < probability)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Logistic((low + high) / 2);
    }

    internal static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double Acklam(double p)
    {
        if (p > 0.5)
        {
            return -Acklam(1 - p);
        }

        if (p < 0.02425)
        {
            var q = Math.Sqrt(-2 * Math.Log(p));
            return (((((((((-7.784894002430293e-03 * q) - 3.223964580411365e-01) * q) - 2.400758277161838) * q) - 2.549732539343734) * q) + 4.374664141464968) * q + 2.938163982698783)
                / ((((((((7.784695709041462e-03 * q) + 3.224671290700398e-01) * q) + 2.445134137142996) * q) + 3.754408661907416) * q) + 1);
        }

        var d = p - 0.5;
        var r = d * d;
        return (((((((((-3.969683028665376e+01 * r) + 2.209460984245205e+02) * r) - 2.759285104469687e+02) * r) + 1.383577518672690e+02) * r) - 3.066479806614716e+01) * r + 2.506628277459239) * d
            / ((((((((((-5.447609879822406e+01 * r) + 1.615858368580409e+02) * r) - 1.556989798598866e+02) * r) + 6.680131188771972e+01) * r) - 1.328068155288572e+01) * r) + 1);
    }
}
