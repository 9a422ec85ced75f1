using Tuner.Core.Recommending;
using Tuner.Core.Sweeps;
using Tuner.Search.Bayesian;
using Tuner.Testing.Simulation;

namespace Tuner.Search.Tests.Sweeps;

/// <summary>Whole sweeps on simulated services; <c>tests/Tuner.Simulations sweeps fidelity</c> tells how much and how good over hundreds.</summary>
public sealed class ShortLooksTests
{
    /// <summary>Over hundreds of sweeps it is far less; four of them scatter by a tenth.</summary>
    private const double MostOfTheLoad = 0.85;

    [Fact]
    public void Short_looks_come_to_verified_answers_that_hold_with_much_less_load()
    {
        double shortened = 0, full = 0;
        foreach (var seed in Enumerable.Range(1, 4))
        {
            var simulated = SimulatedSweep.Create(seed);
            var (play, whole) = (Play(simulated, Shortened), Play(simulated, InFull));
            var use = Assert.IsType<Recommendation.Use>(play.Answer);

            Assert.True(use.Verified);
            Assert.True(simulated.IsFeasible(use.Winner.Candidate));
            shortened += play.LoadSeconds;
            full += whole.LoadSeconds;
        }

        Assert.InRange(shortened / full, 0, MostOfTheLoad);
    }

    private static SimulatedPlay Play(SimulatedSweep simulated, Func<Sweep, Sweep> change) => SimulatedPlay.Of(simulated.With(change), new BayesianStrategy());

    private static Sweep Shortened(Sweep sweep) => sweep with { Search = sweep.Search with { Screening = TimeSpan.FromSeconds(6) } };

    private static Sweep InFull(Sweep sweep) => sweep with { Measurement = sweep.Measurement with { EarlyAbort = false } };
}
