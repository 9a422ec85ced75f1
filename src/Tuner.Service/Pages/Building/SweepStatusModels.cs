using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages.Building;

/// <summary>Where a sweep stands from second to second.</summary>
internal static class SweepStatusModels
{
    /// <param name="glimpses">The last progress of running trials, by number.</param>
    /// <param name="reasons">Why each running trial was begun, by number.</param>
    public static SweepStatusModel Of(SweepSnapshot snapshot, IReadOnlyDictionary<int, TrialProgress> glimpses, IReadOnlyDictionary<int, string> reasons)
    {
        var (stored, sweep, trials) = (snapshot.Stored, snapshot.Sweep, snapshot.Trials);
        var ledger = new BudgetLedger(sweep, trials, stored.Running);
        var minimized = snapshot.Report.Sweep.Minimized;
        var best = snapshot.Report.Candidates
            .Where(row => row.Standing is Standing.Met && (minimized is null || row.Objective is not null))
            .MinBy(row => minimized is null ? (double)row.CostPerHour : row.Objective);
        var shown = snapshot.Report.Find(snapshot.Report.Verdict.Winner) ?? best;
        var mask = SecretMask.Of(sweep);
        return new SweepStatusModel
        {
            Id = stored.Id.Value,
            Name = stored.Name,
            State = stored.State,
            Request = stored.Request?.ToString().ToLowerInvariant(),
            Reason = mask.Text(stored.Reason),
            Trials = ledger.Trials,
            MostTrials = sweep.Budget.Trials,
            RunningSeconds = Math.Round(stored.Running.TotalSeconds),
            MostSeconds = sweep.Budget.WallTime?.TotalSeconds,
            TimeLeft = TimeLeft(stored, sweep, ledger),
            Money = Math.Round(ledger.Money, 9),
            MostMoney = sweep.Budget.Money,
            Currency = sweep.Cost.Currency,
            Notional = sweep.Target is Target.Process,
            Best = shown?.Key,
            BestCost = shown is null ? null : MinimizedRow.Cost(minimized, sweep.Cost.Currency, shown.CostPerHour, shown.Objective),
            Now =
            [
                .. trials.Where(trial => !trial.HasEnded && !stored.HasEnded).Select(trial => Running(
                    trial, glimpses.GetValueOrDefault(trial.Number), mask.Text(reasons.GetValueOrDefault(trial.Number, "")))),
            ],
        };
    }

    /// <summary>What is known before the trials are read and judged.</summary>
    public static SweepStatusModel Of(StoredSweep stored, Sweep sweep, ImmutableArray<TrialOutline> outlines) => new()
    {
        Id = stored.Id.Value,
        Name = stored.Name,
        State = stored.State,
        Request = stored.Request?.ToString().ToLowerInvariant(),
        Reason = SecretMask.Of(sweep).Text(stored.Reason),
        Trials = outlines.Count(outline => outline.Counts),
        MostTrials = sweep.Budget.Trials,
        RunningSeconds = Math.Round(stored.Running.TotalSeconds),
        MostSeconds = sweep.Budget.WallTime?.TotalSeconds,
        TimeLeft = "",
        Money = Math.Round(TrialOutline.Money(sweep, outlines), 9),
        MostMoney = sweep.Budget.Money,
        Currency = sweep.Cost.Currency,
        Notional = sweep.Target is Target.Process,
        IsReading = true,
        Now = [],
    };

    private static string TimeLeft(StoredSweep stored, Sweep sweep, BudgetLedger ledger)
    {
        if (stored.HasEnded)
        {
            return "";
        }

        var byTrials = sweep.Budget.Trials is { } most ? Math.Max(0, most - ledger.Trials) * ledger.TrialDuration : (TimeSpan?)null;
        var left = new[] { byTrials, ledger.TimeLeft }.OfType<TimeSpan>().ToList();
        return left.Count == 0 ? "" : $"at most {Figures.Duration(Math.Max(0, Math.Round(left.Min().TotalSeconds)))} left";
    }

    private static RunningTrial Running(Trial trial, TrialProgress? progress, string why) => new(
        trial.Number,
        Words.Of(trial.Purpose),
        trial.Candidate.Key,
        why.Length == 0 ? "not known" : why,
        progress?.Step ?? trial.State switch { TrialState.Pending => "about to start", TrialState.Deploying => "starting", _ => "under load" },
        progress?.Share,
        Glimpse(progress));

    private static string Glimpse(TrialProgress? progress) => string.Join(", ", new[]
    {
        progress?.RatePerSecond is { } rate ? Figures.Rate(rate) : null,
        progress?.P99 is { } p99 ? $"p99 {Figures.Latency(p99.TotalSeconds)}" : null,
        progress?.Errors is > 0 and { } errors ? string.Create(CultureInfo.InvariantCulture, $"{errors} errors") : null,
    }.OfType<string>());
}
