using Tuner.Core.Planning;
using Tuner.Core.Sweeps;

namespace Tuner.Cli;

/// <summary>The longest that a sweep can go on, by its budgets; it may well end before.</summary>
internal static class TimeLeft
{
    /// <returns>Null where no budget limits it.</returns>
    public static TimeSpan? Of(Sweep sweep, BudgetLedger ledger, TimeSpan elapsed)
    {
        var byTrials = sweep.Budget.Trials is { } trials ? Math.Max(0, trials - ledger.Trials) * ledger.TrialDuration / Math.Max(1, sweep.Budget.Parallel) : (TimeSpan?)null;
        var byTime = sweep.Budget.WallTime - elapsed;
        var left = byTrials is null || byTime < byTrials ? byTime : byTrials;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }
}
