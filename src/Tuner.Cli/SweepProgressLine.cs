using System.Globalization;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Cli;

/// <summary>How far a sweep has come, in a line: trials, time and money of their budgets, and the best so far.</summary>
/// <param name="sweep">What is asked.</param>
/// <param name="before">How long the sweep was worked on before this run of it.</param>
/// <param name="time">By which this run is timed; it begins with this object.</param>
internal sealed class SweepProgressLine(Sweep sweep, TimeSpan before, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();

    /// <param name="trials">All trials that have ended.</param>
    /// <param name="ended">Whether nothing is to come.</param>
    public string Of(IReadOnlyList<Trial> trials, bool ended = false)
    {
        var elapsed = before + time.GetElapsedTime(start);
        var ledger = new BudgetLedger(sweep, trials, elapsed);
        var best = new SweepStanding(sweep, trials).Searched.FirstOrDefault(evidence => evidence.Verdict is SloVerdict.Met);
        var count = sweep.Budget.Trials is { } limit ? $"{ledger.Trials} of at most {limit} trials" : Words.Counted(ledger.Trials, "trial");
        var left = !ended && TimeLeft.Of(sweep, ledger, elapsed) is { } most ? $" · at most {Figures.Duration(Math.Ceiling(most.TotalSeconds))} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count}{left} · {Whole(elapsed)}{(sweep.Budget.WallTime is { } wall ? $" of at most {Figures.Duration(wall.TotalSeconds)}" : "")} · spent {Figures.Money(ledger.Money, sweep.Cost.Currency)} · best so far: {(best is null ? "none" : $"{TrialWords.Candidate(sweep, best.Candidate)} at {MinimizedRow.Cost(MinimizedRow.Of(sweep), sweep.Cost.Currency, best.CostPerHour, best.MeasuredObjective)}")}");
    }

    private static string Whole(TimeSpan time) => Figures.Duration(Math.Floor(time.TotalSeconds));
}
