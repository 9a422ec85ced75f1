using Tuner.Core.Recommending;
using Tuner.Core.Search;
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
    /// <summary>
    /// A candidate that is not shown to meet its SLOs while searching, but as likely as not does, may be a finalist: the
    /// fresh trials decide, and measuring it again while searching would cost as much and count for nothing.
    /// </summary>
    private const double LeastLikelihood = 0.5;

    private const double MoreLikelihood = 0.1;

    private const double MostLikelihood = 0.9;

    /// <summary>
    /// A measured objective is noisy: finalists this close to the best confirmed one are measured afresh too, side by side.
    /// </summary>
    private const decimal Contending = 0.05m;

    /// <summary>A finalist is measured on while some later look confirms it with this chance: what it would save is for every hour to come.</summary>
    private const double LeastChance = 0.3;

    /// <summary>With screening: a finalist whose short looks were kind is not measured as often as was asked for at a smaller chance.</summary>
    private const double LeastChanceAtFirst = 0.1;

    /// <summary>Trials that the search must leave over: one finalist and the baseline beside it.</summary>
    public static int Reserve(Sweep sweep) =>
        sweep.Verification.Repeats * (sweep.Baseline is null ? 1 : 2);

    /// <summary>
    /// The candidates worth verifying, cheapest first: those that the search trials found to meet every SLO, so many as the
    /// sweep allows, and those that rather do. Those that fresh trials did not confirm stay in the list.
    /// </summary>
    public static IEnumerable<CandidateEvidence> Finalists(SweepStanding standing)
    {
        var met = 0;
        foreach (var evidence in TieBand.Order(standing.Sweep, standing.Searched.Where(searched => IsWorthVerifying(standing, searched))))
        {
            if (evidence.Verdict is not SloVerdict.Met || met++ < standing.Sweep.Verification.Finalists)
            {
                yield return evidence;
            }
        }
    }

    /// <summary>
    /// Whether the search trials speak for the candidate, or fresh ones were begun. Each nomination that fresh trials did
    /// not confirm raises what the next one needs: the cheapest that look feasible are those whose noise was kindest.
    /// </summary>
    public static bool IsWorthVerifying(SweepStanding standing, CandidateEvidence searched) =>
        searched.HasScore && (searched.Verdict is SloVerdict.Met
        || (searched.Verdict is SloVerdict.Unknown && standing.VerificationsOf(searched.Candidate) > 0 && !searched.Candidate.Equals(standing.Sweep.Baseline))
        || Likelihood.Feasible(searched) >= LikelihoodNeeded(standing));

    /// <summary>The chance of meeting every SLO from which on a candidate is measured afresh rather than again.</summary>
    public static double LikelihoodNeeded(SweepStanding standing) =>
        Math.Min(MostLikelihood, LeastLikelihood + (MoreLikelihood * standing.Searched.Count(searched =>
            searched.Verdict is not SloVerdict.Met && standing.VerificationsOf(searched.Candidate) > 0
            && !searched.Candidate.Equals(standing.Sweep.Baseline) && IsDropped(standing, searched.Candidate))));

    /// <summary>True when fresh trials confirmed the candidate, as many as were asked for.</summary>
    public static bool IsConfirmed(SweepStanding standing, Candidate candidate) =>
        !standing.HasFailed(candidate)
        && standing.VerificationsOf(candidate) >= standing.Sweep.Verification.Repeats
        && standing.VerifiedEvidence(candidate)?.Verdict is SloVerdict.Met;

    /// <summary>
    /// True when fresh trials speak against the candidate: it missed, failed, could not be measured, or stays open whatever
    /// the measurements that are left would say.
    /// </summary>
    public static bool IsDropped(SweepStanding standing, Candidate candidate) =>
        standing.HasFailed(candidate)
        || standing.IsGivenUp(candidate)
        || (standing.VerifiedEvidence(candidate) is { } fresh
            && (fresh.Verdict is SloVerdict.Missed || (fresh.Verdict is SloVerdict.Unknown && IsHopeless(standing, fresh))));

    /// <summary>The next verification trial of a finalist whose verification has begun; null where none is under way.</summary>
    public static SweepStep? Continue(SweepStanding standing, BudgetLedger ledger) => Next(standing, ledger, begunOnly: true);

    /// <summary>The next verification trial, the refusing budget, or null when there is nothing (more) to verify.</summary>
    public static SweepStep? Next(SweepStanding standing, BudgetLedger ledger) => Next(standing, ledger, begunOnly: false);

    private static SweepStep? Next(SweepStanding standing, BudgetLedger ledger, bool begunOnly)
    {
        var sweep = standing.Sweep;
        if (sweep.Verification.Repeats == 0)
        {
            return null;
        }

        decimal? confirmed = null;
        var kept = KeptFor(standing, ledger);
        foreach (var finalist in Finalists(standing))
        {
            var done = standing.VerificationsOf(finalist.Candidate);
            if (confirmed is { } best && finalist.Score > best + (Math.Abs(best) * Contending))
            {
                return null;
            }

            if (IsConfirmed(standing, finalist.Candidate))
            {
                if (sweep.ObjectiveBasis() is ObjectiveBasis.Known)
                {
                    return null;
                }

                confirmed = Math.Min(confirmed ?? decimal.MaxValue, standing.VerifiedEvidence(finalist.Candidate)!.Score);
                continue;
            }

            if (IsDropped(standing, finalist.Candidate) || (begunOnly && (done == 0 || finalist.Candidate.Equals(sweep.Baseline))))
            {
                continue;
            }

            if (kept is not null && !kept.Equals(finalist.Candidate) && (done == 0 || done >= sweep.Verification.Repeats))
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

    /// <summary>
    /// The finalist that what is left of the budget is kept for: while nothing but the baseline is confirmed, the cheapest that the
    /// search showed to meet every SLO, or else the likeliest of those that so many more trials would let be judged. Null
    /// while there is enough for another one too, or no such finalist.
    /// </summary>
    private static Candidate? KeptFor(SweepStanding standing, BudgetLedger ledger)
    {
        var finalists = Finalists(standing).Where(finalist => !finalist.Candidate.Equals(standing.Sweep.Baseline)).ToList();
        if (finalists.Exists(finalist => IsConfirmed(standing, finalist.Candidate)))
        {
            return null;
        }

        var open = finalists.FindAll(finalist => !IsDropped(standing, finalist.Candidate));
        var kept = open.Find(finalist => finalist.Verdict is SloVerdict.Met)
            ?? open.Where(finalist => IsSoonJudged(standing, finalist.Candidate)).MaxBy(finalist => Likelihood.Feasible(standing.FreshSoFar(finalist.Candidate) ?? finalist));
        return kept is not null && ledger.Refuses(kept.Candidate, Reserve(standing.Sweep)) is not null ? kept.Candidate : null;
    }

    /// <summary>Whether the next planned look at the candidate needs no more fresh trials than are kept.</summary>
    private static bool IsSoonJudged(SweepStanding standing, Candidate candidate)
    {
        var done = standing.VerificationsOf(candidate);
        return VerificationLooks.After(standing.Sweep, done).Any(look => look - done <= standing.Sweep.Verification.Repeats);
    }

    /// <summary>
    /// True where no later look is likely to confirm the candidate. What is given up so is not called missed; all fresh
    /// trials so far may say it, looked at by plan or not.
    /// </summary>
    private static bool IsHopeless(SweepStanding standing, CandidateEvidence fresh)
    {
        var done = standing.VerificationsOf(fresh.Candidate);
        var left = VerificationLooks.After(standing.Sweep, done).ToList();
        if (left.Count == 0)
        {
            return true;
        }

        var asked = done >= standing.Sweep.Verification.Repeats;
        return (asked || standing.Sweep.Search.Screening is not null)
            && standing.FreshSoFar(fresh.Candidate)!.Slos.Any(slo => slo.Verdict is not SloVerdict.Met
                && (asked || slo.LogViolation is not null)
                && left.Max(look => Likelihood.MetAfter(slo, look)) < (asked ? LeastChance : LeastChanceAtFirst));
    }

    private static string Why(Sweep sweep, int measurement) => measurement <= sweep.Verification.Repeats
        ? $"fresh measurement {measurement} of {sweep.Verification.Repeats}, interleaved"
        : $"fresh measurement {measurement}, since {sweep.Verification.Repeats} left it undecided";

    /// <summary>The finalist and the baseline take turns, so that a drifting machine treats both alike.</summary>
    private static Candidate Turn(SweepStanding standing, Candidate finalist, int done)
    {
        var baseline = standing.Sweep.Baseline;
        var baselineTakesPart = baseline is not null && !baseline.Equals(finalist) && !standing.HasFailed(baseline) && !standing.IsGivenUp(baseline);
        return baselineTakesPart && done < standing.Sweep.Verification.Repeats && standing.VerificationsOf(baseline!) <= done ? baseline! : finalist;
    }
}
