using Tuner.Core.Pricing;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>What the sweep itself used up.</summary>
internal static class SpendSections
{
    public static SpendSection Of(ReportMaterial material, SavingRow? saving)
    {
        var sweep = material.Sweep;
        var money = CandidateRows.Exact(material.Trials.Sum(trial => Spent(sweep, trial)));
        var notional = sweep.Target is Target.Process;
        var summaries = material.Trials.Select(trial => MeasurementOf(trial.State)).OfType<Core.Measurements.Measurement>().Select(MeasurementSummary.Of).ToList();
        var early = summaries.Where(summary => summary.Measurement.EndedEarly is not null).ToList();
        return new SpendSection
        {
            Trials = material.Trials.Length,
            TrialBudget = sweep.Budget.Trials,
            LoadSeconds = summaries.Sum(summary => summary.Seconds + summary.Measurement.Warmup.TotalSeconds),
            DeployedSeconds = material.Trials.Sum(trial => trial.Deployed.TotalSeconds),
            WallSeconds = (material.Input.EndedAt - material.Input.StartedAt).TotalSeconds,
            WallBudgetSeconds = sweep.Budget.WallTime?.TotalSeconds,
            Money = money,
            MoneyBudget = sweep.Budget.Money,
            Notional = notional,
            PaysBackHours = !notional && saving is { PerHour: > 0 } ? (double)(money / saving.PerHour) : null,
            EndedEarly = early.Count,
            EarlySavedMoney = CandidateRows.Exact(material.Trials.Sum(trial => SavedMoney(material, trial))),
            EarlySavedSeconds = early.Sum(summary => Math.Max(0, sweep.Load.Duration.TotalSeconds - summary.Seconds)),
        };
    }

    private static decimal SavedMoney(ReportMaterial material, Trial trial) =>
        MeasurementOf(trial.State) is { EndedEarly: not null } measurement
            ? CandidateCost.Spent(material.Sweep.PerHour(trial.Candidate), TimeSpan.FromSeconds(Math.Max(0, material.Sweep.Load.Duration.TotalSeconds - MeasurementSummary.Of(measurement).Seconds)))
            : 0;

    public static decimal Spent(Sweep sweep, Trial trial) => CandidateCost.Spent(sweep.PerHour(trial.Candidate), trial.Deployed);

    public static Core.Measurements.Measurement? MeasurementOf(TrialState state) => state switch
    {
        TrialState.Measured measured => measured.Measurement,
        TrialState.Invalid invalid => invalid.Measurement,
        _ => null,
    };
}
