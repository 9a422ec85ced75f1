using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>What a sweep has used of its budget, and whether it can afford another trial.</summary>
public sealed class BudgetLedger
{
    /// <summary>Deployment, readiness and removal of a candidate that was never deployed before.</summary>
    private static readonly TimeSpan AssumedOverhead = TimeSpan.FromSeconds(5);

    private readonly Sweep sweep;
    private readonly TimeSpan running;

    /// <param name="running">How long the sweep has been running, without the time in which Tuner was stopped.</param>
    public BudgetLedger(Sweep sweep, IReadOnlyList<Trial> trials, TimeSpan running)
    {
        this.sweep = sweep;
        this.running = running;

        // An interrupted trial is run again under a new number: counting both would count one twice.
        Trials = trials.Count(trial => trial.State is not (TrialState.Interrupted or TrialState.Cancelled));
        Failures = trials.Count(trial => trial.State is TrialState.CandidateFailed);
        Money = trials.Sum(trial => CandidateCost.Spent(sweep.PerHour(trial.Candidate), trial.Deployed));
        var deployed = trials.Where(trial => trial.State is TrialState.Measured && trial.Deployed > TimeSpan.Zero).Select(trial => trial.Deployed).ToList();
        TrialDuration = deployed.Count > 0
            ? TimeSpan.FromSeconds(deployed.Max(duration => duration.TotalSeconds))
            : sweep.Measurement.Warmup + sweep.Load.Duration + AssumedOverhead;
    }

    public int Trials { get; }

    public int Failures { get; }

    /// <summary>In the sweep's currency.</summary>
    public decimal Money { get; }

    /// <summary>How long the next trial is expected to take, at most.</summary>
    public TimeSpan TrialDuration { get; }

    /// <summary>What is left of the wall time; null without a limit.</summary>
    public TimeSpan? TimeLeft => sweep.Budget.WallTime - running;

    /// <summary>
    /// The budget that does not allow another trial of the candidate while keeping so many trials in reserve; null when
    /// all of them do. Reserved trials are counted at the candidate's own price.
    /// </summary>
    public StopReason? Refuses(Candidate candidate, int reserved)
    {
        var budget = sweep.Budget;
        var needed = 1 + reserved;
        var kept = reserved == 0 ? "" : $" ({reserved} kept for verification)";
        if (budget.Trials is { } trials && Trials + needed > trials)
        {
            return new StopReason(StopKind.TrialBudget, $"The budget of {trials} trials is used up{kept}.");
        }

        if (budget.Failures is { } failures && Failures >= failures)
        {
            return new StopReason(StopKind.FailureBudget, $"{Failures} candidates failed by their own fault; the budget allows {failures}.");
        }

        if (TimeLeft is { } left && needed * TrialDuration > left)
        {
            return new StopReason(
                StopKind.TimeBudget,
                $"The wall time of {budget.WallTime} leaves {Math.Max(0, left.TotalSeconds):0} s; another trial may take {TrialDuration.TotalSeconds:0} s{kept}.");
        }

        var price = CandidateCost.Spent(sweep.PerHour(candidate), TrialDuration);
        if (budget.Money is { } money && Money + (needed * price) > money)
        {
            return new StopReason(
                StopKind.MoneyBudget,
                $"{Money:0.####} of {money:0.####} {sweep.Cost.Currency} are spent; another trial may cost {price:0.####}{kept}.");
        }

        return null;
    }
}
