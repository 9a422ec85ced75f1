using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Recommending;

/// <summary>Turns what the trials say into one answer: use this, nothing is feasible, or inconclusive.</summary>
public static class Recommender
{
    /// <summary>More measurements than this are no advice.</summary>
    private const int MostAdvised = 1_000;

    public static Recommendation Recommend(Sweep sweep, IReadOnlyList<Trial> trials, StopReason stop)
    {
        var standing = new SweepStanding(sweep, trials);
        return Verified(standing)
            ?? Unverified(standing, stop)
            ?? (Recommendation?)WithoutObjective(standing)
            ?? (Recommendation?)Undecided(standing, stop)
            ?? Infeasible(standing);
    }

    private static Recommendation? Verified(SweepStanding standing)
    {
        var confirmed = standing.Verified.Where(evidence =>
            evidence.HasScore && FinalistVerification.IsConfirmed(standing, evidence.Candidate) && IsFinalist(standing, evidence));
        return TieBand.Order(standing.Sweep, confirmed).FirstOrDefault() is { } winner
            ? Use(standing, winner, notVerifiedBecause: null)
            : null;
    }

    /// <summary>The baseline is measured beside every finalist; it is no answer where the search found that it misses an SLO.</summary>
    private static bool IsFinalist(SweepStanding standing, CandidateEvidence evidence) =>
        standing.SearchedEvidence(evidence.Candidate)?.Verdict is not SloVerdict.Missed;

    private static Recommendation? Unverified(SweepStanding standing, StopReason stop)
    {
        var met = standing.Searched.Where(evidence => evidence.HasScore && standing.IsAnswer(evidence));
        if (TieBand.Order(standing.Sweep, met).FirstOrDefault() is not { } winner)
        {
            return null;
        }

        var fresh = standing.VerifiedEvidence(winner.Candidate);
        var reason = standing.Sweep.Verification.Repeats == 0 ? "Verification is turned off (verification.repeats: 0)."
            : stop.IsBudget || stop.Kind is StopKind.Cancelled ? $"The sweep ended before verification did: {stop.Text}"
            : fresh?.Slos.FirstOrDefault(slo => slo.Verdict is SloVerdict.Unknown) is { } unknown
                ? $"{fresh.Measurements} fresh measurement(s) do not decide '{unknown.Slo.Text}': {unknown.Reason}"
                : "The fresh measurements could not be taken.";
        return Use(standing, winner, reason);
    }

    private static Recommendation.Use Use(SweepStanding standing, CandidateEvidence winner, string? notVerifiedBecause)
    {
        var cheaper = standing.Searched.FirstOrDefault(evidence => evidence.Score < SearchedScore(standing, winner) && standing.IsUndecided(evidence));
        return new Recommendation.Use
        {
            Winner = winner,
            Verified = notVerifiedBecause is null,
            NotVerifiedBecause = notVerifiedBecause,
            Binding = winner.Slos.MaxBy(slo => slo.LogViolation ?? double.NegativeInfinity)!,
            CheaperUndecided = cheaper,
            CheaperUndecidedNeeds = cheaper is null ? null : Needs(standing, cheaper),
            CheaperUndecidedMeasurements = cheaper is null ? null : MoreMeasurements(standing, cheaper),
        };
    }

    /// <summary>A measured objective is compared among trials of one kind: those of the search.</summary>
    private static decimal SearchedScore(SweepStanding standing, CandidateEvidence winner) =>
        (standing.SearchedEvidence(winner.Candidate) ?? winner).Score;

    /// <summary>Who meets every SLO and did not tell what is minimized cannot be compared with anybody.</summary>
    private static Recommendation.Inconclusive? WithoutObjective(SweepStanding standing) =>
        standing.Searched.FirstOrDefault(evidence => evidence is { Verdict: SloVerdict.Met, HasScore: false }) is { } mute
            ? new Recommendation.Inconclusive
            {
                Reason = $"'{mute.Candidate}' meets every SLO, but no trial told what is minimized: {MeasuredObjective.Words(standing.Sweep)}.",
                Needs = "A target that reports it: look at the notes of the measurements, and at metrics and objective in the definition.",
                Closest = mute,
            }
            : null;

    private static Recommendation.Inconclusive? Undecided(SweepStanding standing, StopReason stop)
    {
        var closest = standing.Searched.Where(standing.IsUndecided).MinBy(evidence => evidence.Score);
        if (closest is not null)
        {
            return new Recommendation.Inconclusive
            {
                Reason = $"No candidate was shown to meet every SLO, and '{closest.Candidate}' is neither met nor missed. {Sentence(stop.Text)}",
                Needs = Needs(standing, closest),
                Closest = closest,
            };
        }

        if (stop.Kind is StopKind.NothingAnswers)
        {
            return new Recommendation.Inconclusive { Reason = stop.Text, Needs = "A request that the target answers.", Closest = null };
        }

        if (standing.Searched.IsEmpty && standing.Trials.Select(trial => trial.State).OfType<TrialState.Invalid>().LastOrDefault() is { } invalid)
        {
            return invalid.Measurement is null
                ? new Recommendation.Inconclusive { Reason = $"No trial came to a measurement: {invalid.Reason}", Needs = "What the reason names, mended.", Closest = null }
                : new Recommendation.Inconclusive { Reason = $"No trial could be trusted: {invalid.Reason}", Needs = "A quieter machine, or a load that leaves the generator room.", Closest = null };
        }

        // A budget or a cancellation that left candidates untried proves nothing about them.
        return stop.IsBudget || stop.Kind is StopKind.Cancelled || standing.Searched.IsEmpty && !standing.Trials.Any(trial => trial.State is TrialState.CandidateFailed)
            ? new Recommendation.Inconclusive
            {
                Reason = $"The sweep ended before a feasible candidate was found. {Sentence(stop.Text)}",
                Needs = "A larger budget, or a space with fewer candidates.",
                Closest = Nearest(standing),
            }
            : null;
    }

    private static string Needs(SweepStanding standing, CandidateEvidence evidence)
    {
        var unknown = Open(standing, evidence).Slos.FirstOrDefault(slo => slo.Verdict is SloVerdict.Unknown);
        if (unknown is null)
        {
            return $"More fresh measurements of '{evidence.Candidate}' (verification.repeats).";
        }

        return MoreMeasurements(standing, evidence) is { } more
            ? $"About {more} more {(more == 1 ? "measurement" : "measurements")} of '{evidence.Candidate}', or as much longer ones: {unknown.Reason}"
            : $"More or longer measurements of '{evidence.Candidate}': {unknown.Reason}";
    }

    private static string Sentence(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";

    /// <summary>Those that the SLO which is hardest to decide needs, beyond the ones there are; null where nobody would take as many.</summary>
    private static int? MoreMeasurements(SweepStanding standing, CandidateEvidence evidence)
    {
        var open = Open(standing, evidence).Slos.Where(slo => slo.Verdict is SloVerdict.Unknown).ToList();
        var needed = open.ConvertAll(slo => Likelihood.MeasurementsToDecide(slo) - slo.Repeats);
        return needed.Count == 0 || needed.Contains(null) || needed.Max() > MostAdvised ? null : Math.Max(1, needed.Max()!.Value);
    }

    /// <summary>What fresh measurements say of it, where there are any.</summary>
    private static CandidateEvidence Open(SweepStanding standing, CandidateEvidence evidence) => standing.VerifiedEvidence(evidence.Candidate) ?? evidence;

    private static Recommendation.NothingFeasible Infeasible(SweepStanding standing) => new()
    {
        Nearest = Nearest(standing),
        Binding = Missed(standing).GroupBy(slo => slo.Slo).OrderByDescending(group => group.Count()).FirstOrDefault()?.Key,
        Relaxations = [.. standing.Sweep.Slos.Select((_, index) => Relax(standing, index)).OfType<Relaxation>()],
        Load = MeetableLoad.Of(standing),
    };

    private static IEnumerable<SloAssessment> Missed(SweepStanding standing) =>
        standing.Searched.SelectMany(evidence => evidence.Slos).Where(slo => slo.Verdict is SloVerdict.Missed);

    /// <summary>The candidate whose worst SLO is violated the least.</summary>
    private static CandidateEvidence? Nearest(SweepStanding standing) =>
        standing.Searched.MinBy(evidence => evidence.Slos.Max(slo => slo.LogViolation ?? double.PositiveInfinity));

    /// <summary>The smallest change of this limit alone that admits a candidate which meets every other SLO.</summary>
    private static Relaxation? Relax(SweepStanding standing, int index)
    {
        var slo = standing.Sweep.Slos[index];
        var nearest = standing.Searched
            .Where(evidence => evidence.Slos[index].Verdict is not SloVerdict.Met && Needed(evidence.Slos[index]) is not null
                && evidence.Slos.Where((_, other) => other != index).All(other => other.Verdict is SloVerdict.Met))
            .MinBy(evidence => slo.LogViolation(Needed(evidence.Slos[index])!.Value));
        return nearest is null ? null : new Relaxation(slo, Needed(nearest.Slos[index])!.Value, nearest.Candidate, nearest.CostPerHour);
    }

    /// <summary>The limit at which this candidate would be met beyond noise: its bound on the bad side.</summary>
    private static double? Needed(SloAssessment assessment) =>
        assessment.Slo.Bound is Bound.AtMost ? assessment.Upper ?? assessment.Estimate : assessment.Lower ?? assessment.Estimate;
}
