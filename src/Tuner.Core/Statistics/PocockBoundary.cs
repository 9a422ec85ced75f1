using System.Collections.Concurrent;

namespace Tuner.Core.Statistics;

/// <summary>
/// The level at which each of several planned looks at growing data may be tested, so that all looks together err in at
/// most alpha of the cases: the constant boundary of Pocock (1977), "Group sequential methods in the design and analysis
/// of clinical trials", Biometrika 64, one-sided, by the recursion of Armitage, McPherson and Rowe (1969). It spends enough
/// at the first look that a clear case ends there. Equal steps are assumed; looks that are never taken only make it safer.
/// </summary>
public static class PocockBoundary
{
    private static readonly ConcurrentDictionary<(double Alpha, int Looks), double> Known = new();

    /// <summary>The one-sided level of each look.</summary>
    public static double LevelOfEachLook(double alpha, int looks) =>
        looks <= 1 ? alpha : Known.GetOrAdd((alpha, looks), static key => Solve(key.Alpha, key.Looks));

    private static double Solve(double alpha, int looks)
    {
        double low = Distributions.NormalQuantile(1 - alpha), high = Distributions.NormalQuantile(1 - (alpha / looks));
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            if (CrossingProbability(middle, looks) > alpha)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return 1 - Distributions.NormalCdf(high);
    }

    /// <summary>The chance that S_k / √k exceeds c at any look k, where S is a sum of independent standard normal steps.</summary>
    internal static double CrossingProbability(double c, int looks)
    {
        const int points = 400;
        const double floor = -7;
        double crossed = 1 - Distributions.NormalCdf(c);
        var grid = new double[points + 1];
        var density = new double[points + 1];
        Place(grid, floor, c);
        for (var index = 0; index <= points; index++)
        {
            density[index] = Math.Exp(-grid[index] * grid[index] / 2) / Math.Sqrt(2 * Math.PI);
        }

        for (var look = 2; look <= looks; look++)
        {
            var boundary = c * Math.Sqrt(look);
            var weights = Simpson(grid);
            for (var index = 0; index <= points; index++)
            {
                crossed += weights[index] * density[index] * (1 - Distributions.NormalCdf(boundary - grid[index]));
            }

            var next = new double[points + 1];
            Place(next, floor * Math.Sqrt(look), boundary);
            var nextDensity = new double[points + 1];
            for (var to = 0; to <= points; to++)
            {
                for (var from = 0; from <= points; from++)
                {
                    var step = next[to] - grid[from];
                    nextDensity[to] += weights[from] * density[from] * Math.Exp(-step * step / 2) / Math.Sqrt(2 * Math.PI);
                }
            }

            (grid, density) = (next, nextDensity);
        }

        return crossed;
    }

    private static void Place(double[] grid, double from, double to)
    {
        for (var index = 0; index < grid.Length; index++)
        {
            grid[index] = from + ((to - from) * index / (grid.Length - 1));
        }
    }

    private static double[] Simpson(double[] grid)
    {
        var step = grid[1] - grid[0];
        var weights = new double[grid.Length];
        for (var index = 0; index < weights.Length; index++)
        {
            weights[index] = step / 3 * (index == 0 || index == weights.Length - 1 ? 1 : index % 2 == 1 ? 4 : 2);
        }

        return weights;
    }
}
