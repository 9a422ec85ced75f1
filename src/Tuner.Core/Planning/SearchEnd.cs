using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>The ends of a search that its user asked for: the goal is reached, or patience is used up.</summary>
internal static class SearchEnd
{
    /// <summary>Null while the search may go on.</summary>
    public static StopReason? Of(SweepStanding standing)
    {
        var (sweep, search) = (standing.Sweep, standing.Sweep.Search);
        if ((search.Goal is null && search.Patience is null) || Best(standing) is not { } best)
        {
            return null;
        }

        if (best.CostPerHour <= search.Goal)
        {
            return new StopReason(StopKind.GoalReached, $"{best.CostPerHour:0.####} {sweep.Cost.Currency} per hour reaches the goal of {search.Goal:0.####} {sweep.Cost.Currency}.");
        }

        var found = standing.TrialsOf(best.Candidate).Min(trial => trial.Number);
        var since = standing.Trials.Count(trial => trial.Purpose is TrialPurpose.Search && trial.Number > found && trial.State is (TrialState.Measured or TrialState.CandidateFailed));
        return since >= search.Patience
            ? new StopReason(StopKind.Patience, $"{since} trials in a row found nothing cheaper (search.patience: {search.Patience}).")
            : null;
    }

    /// <summary>The cheapest that meets every SLO, or rather does and is still to be verified.</summary>
    private static CandidateEvidence? Best(SweepStanding standing) => standing.Searched.FirstOrDefault(evidence => standing.Sweep.Verification.Repeats > 0
        ? FinalistVerification.IsWorthVerifying(standing, evidence) && !FinalistVerification.IsDropped(standing, evidence.Candidate)
        : evidence.Verdict is SloVerdict.Met);
}
