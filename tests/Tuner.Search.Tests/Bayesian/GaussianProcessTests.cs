using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Search.Bayesian;

namespace Tuner.Search.Tests.Bayesian;

/// <summary>Expected values: references.py, which computes them with numpy and scipy by other formulas.</summary>
public sealed class GaussianProcessTests
{
    private const double LogTwoPi = 1.8378770664093453;

    [Theory]
    [InlineData(0.1, 0.9917592361711776)]
    [InlineData(0.5, 0.8286491424181256)]
    [InlineData(1.0, 0.5239941088318205)]
    [InlineData(2.5, 0.06351021454894377)]
    public void The_kernel_is_the_Matern_function(double distance, double expected) =>
        Assert.Equal(expected, Kernel.Matern52((float)distance), 5);

    [Fact]
    public void Evidence_of_exact_readings_is_the_marginal_likelihood()
    {
        Reading[] readings = [Reading.Exact(0, 0.9), Reading.Exact(2, -0.2)];
        var posterior = new ParticlePosterior(Prior(), 0, 0, readings, new Random(1));
        Assert.Equal(-3.0953731647978246, posterior.LogEvidence - LogTwoPi, 4);
    }

    [Fact]
    public void Evidence_of_a_warped_reading_is_the_density_of_what_was_measured()
    {
        Reading[] readings = [Reading.Exact(0, 2.5) with { IsWarped = true }, Reading.Exact(2, -0.2) with { IsWarped = true }];
        var posterior = new ParticlePosterior(NewPrior(seed: 0, new Warping(0.5)), 0, 0, readings, new Random(1));
        Assert.Equal(-4.898959336430373, posterior.LogEvidence - LogTwoPi, 3);
    }

    [Fact]
    public void A_warping_bends_what_is_above_the_limit_and_leaves_the_rest()
    {
        var warping = new Warping(0.5);
        Assert.Equal(-0.7, warping.Of(-0.7));
        Assert.Equal(0, warping.Of(0));
        Assert.Equal(0.5 * Math.Log(6), warping.Of(2.5), 12);
        Assert.Equal((warping.Of(2.5 + 1e-6) - warping.Of(2.5 - 1e-6)) / 2e-6, warping.SlopeAt(2.5), 6);
        Assert.Equal((2.5, 1), (Warping.None.Of(2.5), Warping.None.SlopeAt(2.5)));
    }

    [Fact]
    public void Draws_from_the_posterior_have_its_mean_and_deviation()
    {
        Reading[] readings = [Reading.Exact(0, 0.9), Reading.Exact(2, -0.2)];
        var (mean, deviation) = Moments(readings);
        Assert.All(mean.Zip([0.87310499, 0.34900513, -0.17278207, -0.37615661, -0.31223195]), pair => Assert.Equal(pair.Second, pair.First, 0.1));
        Assert.All(deviation.Zip([0.09868073, 0.17149216, 0.09868073, 0.33741362, 0.59912982]), pair => Assert.Equal(pair.Second, pair.First, 0.1));
    }

    [Fact]
    public void Evidence_of_bounds_is_the_probability_that_they_hold()
    {
        Reading[] readings = [Reading.Exact(0, 0.9), Reading.AtMost(2, 0), Reading.AtLeast(4, 0.5)];
        var evidence = Enumerable.Range(0, 400).Select(seed => new ParticlePosterior(Prior(), 0, 0, readings, new Random(seed)).LogEvidence).ToArray();
        Assert.Equal(-6.139245010052289, Math.Log(evidence.Average(Math.Exp)) - (0.5 * LogTwoPi), 0.1);
    }

    [Fact]
    public void Draws_respect_readings_that_are_only_bounds()
    {
        Reading[] readings = [Reading.Exact(0, 0.9), Reading.AtMost(2, 0), Reading.AtLeast(4, 0.5)];
        var (mean, _) = Moments(readings);
        Assert.All(mean.Zip([0.86888389, 0.25670762, -0.1017071, 0.19027091, 0.76028758]), pair => Assert.Equal(pair.Second, pair.First, 0.15));
    }

    private static (double[] Mean, double[] Deviation) Moments(Reading[] readings)
    {
        const int Draws = 4000;
        var (function, sum, squares) = (new float[5], new double[5], new double[5]);
        for (var draw = 0; draw < Draws; draw++)
        {
            // Each block of draws has frequencies of its own, so that what random features leave out averages away.
            var seed = draw / PriorWorlds.DrawCount;
            var posterior = new ParticlePosterior(Prior(seed), 0, 0, readings, new Random(draw));
            posterior.Draw(draw % PriorWorlds.DrawCount, new Random(draw + 1), function);
            for (var at = 0; at < function.Length; at++)
            {
                sum[at] += function[at] / Draws;
                squares[at] += function[at] * function[at] / Draws;
            }
        }

        return (sum, [.. squares.Select((square, at) => Math.Sqrt(square - (sum[at] * sum[at])))]);
    }

    private static readonly Dictionary<int, PriorWorlds> Priors = [];

    private static PriorWorlds Prior(int seed = 0)
    {
        if (!Priors.TryGetValue(seed, out var prior))
        {
            prior = Priors[seed] = NewPrior(seed);
        }

        return prior;
    }

    /// <summary>Five points on a line, length scale 0.7, deviation 0.8, mean 0.4 with deviation 1, noise 0.1.</summary>
    private static PriorWorlds NewPrior(int seed, Warping? warping = null)
    {
        Candidate[] points = [.. new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(x => new Candidate([KeyValuePair.Create("x", ParameterValue.Of(Math.Exp(x)))]))];
        var problem = new SearchProblem
        {
            Space = new SearchSpace
            {
                Parameters = [new CategoricalParameter("x", [.. points.Select(point => point["x"])])],
                Listed = [.. points],
            },
            CostPerHour = _ => 1,
            Slos = [new Slo { Text = "p99 latency <= 1s", Metric = new MeanMetric("latency"), Bound = Bound.AtMost, Limit = 1 }],
            Seed = seed,
        };
        var features = FeatureTable.Of(problem, CandidatePool.Of(problem, []));
        var particle = new Particle
        {
            InverseLengths = [1 / 0.7f],
            Deviation = 0.8,
            Mean = 0.4f,
            SlopeMeans = [0],
            SlopeDeviations = [0],
            Noise = 0.1,
            Warping = warping ?? Warping.None,
        };
        return new PriorWorlds(features, 1, seed, [particle]);
    }
}
