using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>
/// Measures finalists again, interleaved with the baseline (A B A B), before anything is recommended. The cheapest finalist
/// comes first; the next one is looked at only when fresh trials did not confirm it.
/// </summary>
public static class FinalistVerification
{
    /// <summary>Trials that the search must leave over: one finalist and the baseline beside it.</summary>
    public static int Reserve(Sweep sweep) =>
        sweep.Verification.Repeats * (sweep.Baseline is null ? 1 : 2);

    /// <summary>
    /// Fresh measurements of one finalist at the most: as many again as were asked for, where those leave it undecided. Every
    /// verdict pays for all of these looks.
    /// </summary>
    public static int MostRepeats(Sweep sweep) => 2 * sweep.Verification.Repeats;

    /// <summary>The candidates worth verifying, cheapest first: those that the search trials found to meet every SLO.</summary>
    public static IEnumerable<CandidateEvidence> Finalists(SweepStanding standing) =>
        TieBand.Order(standing.Sweep, standing.Searched.Where(evidence => evidence.Verdict is SloVerdict.Met))
            .Take(standing.Sweep.Verification.Finalists);

    /// <summary>The next verification trial, the refusing budget, or null when there is nothing (more) to verify.</summary>
    public static SweepStep? Next(SweepStanding standing, BudgetLedger ledger)
    {
        var sweep = standing.Sweep;
        foreach (var finalist in Finalists(standing))
        {
            var verdict = standing.VerifiedEvidence(finalist.Candidate)?.Verdict;
            var done = standing.VerificationsOf(finalist.Candidate);
            if (verdict is SloVerdict.Met && done >= sweep.Verification.Repeats)
            {
                return null;
            }

            if (standing.HasFailed(finalist.Candidate) || standing.IsGivenUp(finalist.Candidate) || verdict is SloVerdict.Missed || done >= MostRepeats(sweep))
            {
                continue;
            }

            var candidate = Turn(standing, finalist.Candidate, done);
            return ledger.Refuses(candidate, reserved: 0) is { } refusal
                ? new SweepStep.Finish(refusal)
                : new SweepStep.Start(candidate, TrialPurpose.Verification, Why(sweep, standing.VerificationsOf(candidate) + 1));
        }

        return null;
    }

    private static string Why(Sweep sweep, int measurement) => measurement <= sweep.Verification.Repeats
        ? $"fresh measurement {measurement} of {sweep.Verification.Repeats}, interleaved"
        : $"fresh measurement {measurement}, since {sweep.Verification.Repeats} left it undecided";

    /// <summary>The finalist and the baseline take turns, so that a drifting machine treats both alike.</summary>
    private static Candidate Turn(SweepStanding standing, Candidate finalist, int done)
    {
        var baseline = standing.Sweep.Baseline;
        var baselineTakesPart = baseline is not null && !baseline.Equals(finalist) && !standing.HasFailed(baseline) && !standing.IsGivenUp(baseline);
        return baselineTakesPart && standing.VerificationsOf(baseline!) <= done ? baseline! : finalist;
    }
}
