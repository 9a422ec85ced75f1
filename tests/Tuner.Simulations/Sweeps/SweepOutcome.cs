using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Trials;
using Tuner.Search.Bayesian;
using Tuner.Testing.Simulation;

namespace Tuner.Simulations.Sweeps;

/// <summary>How one simulated sweep ended, held against the truth.</summary>
internal sealed record SweepOutcome
{
    public required int Seed { get; init; }

    /// <summary>True where some candidate is truly 15 % under the limit.</summary>
    public required bool HasMargin { get; init; }

    public required bool HasAnswer { get; init; }

    public required bool Recommended { get; init; }

    public required bool Verified { get; init; }

    /// <summary>The recommended candidate violates the SLO in truth, and by what share of the limit.</summary>
    public required double? Violation { get; init; }

    /// <summary>The extra cost over the cheapest truly feasible candidate; null without a right recommendation.</summary>
    public required double? Regret { get; init; }

    public required int Trials { get; init; }

    public required int Failed { get; init; }

    public required double LoadSeconds { get; init; }

    public required IReadOnlyDictionary<TrialPurpose, double> LoadSecondsByPurpose { get; init; }

    public required string Ending { get; init; }

    /// <summary>One line with what was best, what was recommended, and what the cheaper feasible ones were taken for.</summary>
    public required string Line { get; init; }

    public static SweepOutcome Of(SimulatedSweep simulated, int seed)
    {
        var play = SimulatedPlay.Of(simulated, new BayesianStrategy());
        var use = play.Answer as Recommendation.Use;
        var margin = use is null ? (double?)null : simulated.Margin(use.Winner.Candidate);
        return new SweepOutcome
        {
            Seed = seed,
            HasMargin = simulated.CheapestWithMargin(0.15) is not null,
            HasAnswer = simulated.Best is not null,
            Recommended = use is not null,
            Verified = use is { Verified: true },
            Violation = margin < 0 ? -margin : null,
            Regret = margin >= 0 ? simulated.Regret(use!.Winner.Candidate) : null,
            Trials = play.Trials.Count,
            Failed = play.Trials.Count(trial => trial.State is TrialState.CandidateFailed),
            LoadSeconds = play.LoadSeconds,
            LoadSecondsByPurpose = play.LoadSecondsByPurpose,
            Ending = $"{play.Answer.GetType().Name}{(use is { Verified: false } ? " unverified" : "")}: {play.Stop.Kind}",
            Line = LineOf(simulated, seed, play, use),
        };
    }

    private static string LineOf(SimulatedSweep simulated, int seed, SimulatedPlay play, Recommendation.Use? use)
    {
        var standing = new SweepStanding(simulated.Sweep, play.Trials);
        var cost = use?.Winner.CostPerHour ?? decimal.MaxValue;
        var missed = simulated.Sweep.Space.Enumerate()
            .Where(candidate => simulated.IsFeasible(candidate) && simulated.Sweep.PerHour(candidate) < cost)
            .OrderByDescending(simulated.Margin)
            .Take(3)
            .Select(candidate => $"{simulated.Sweep.PerHour(candidate):F3} margin {simulated.Margin(candidate):P0} {Seen(standing, candidate)}");
        return $"{seed,4} {(use is null ? "-" : $"{cost:F3} margin {simulated.Margin(use.Winner.Candidate):P0}")} regret {(use is null ? "-" : $"{simulated.Regret(use.Winner.Candidate):P0}")} "
            + $"trials {play.Trials.Count}; cheaper feasible: {string.Join(", ", missed)} | {play.Stop.Text}";
    }

    private static string Seen(SweepStanding standing, Candidate candidate) =>
        $"{standing.SearchedEvidence(candidate)?.Verdict.ToString() ?? "untried"} x{standing.SearchedEvidence(candidate)?.Measurements}, fresh {standing.VerifiedEvidence(candidate)?.Verdict} x{standing.VerificationsOf(candidate)}";
}
