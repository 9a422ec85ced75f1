using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Engine;

/// <summary>How long a trial may take before it breaks a budget of its sweep; null when none limits it.</summary>
internal sealed record TimeLimit(TimeSpan Duration, string Budget)
{
    /// <summary>Longer than any trial, and within what a timer takes.</summary>
    private const double MaxHours = 480;

    public static TimeLimit? Of(Sweep sweep, IReadOnlyList<Trial> trials, Candidate candidate, TimeSpan running)
    {
        var ledger = new BudgetLedger(sweep, trials, running);
        var limits = new List<TimeLimit>();
        if (ledger.TimeLeft is { } left)
        {
            limits.Add(new TimeLimit(left, "wall time"));
        }

        var price = sweep.PerHour(candidate);
        if (sweep.Budget.Money is { } money && price > 0)
        {
            limits.Add(new TimeLimit(TimeSpan.FromHours(Math.Clamp((double)((money - ledger.Money) / price), 0, MaxHours)), "money"));
        }

        return limits.MinBy(limit => limit.Duration);
    }
}
