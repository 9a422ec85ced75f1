using System.Collections.Immutable;
using System.Text.Json;
using Tuner.Core.Api;
using Tuner.Core.Planning;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>Stored sweeps in the words of the API.</summary>
internal static class SweepViews
{
    public static SweepView Of(StoredSweep sweep) => new()
    {
        Id = sweep.Id.Value,
        Name = sweep.Name,
        Project = sweep.Project,
        State = Word(sweep.State),
        Request = sweep.Request is { } request ? Word(request) : null,
        Reason = sweep.Reason,
        Stop = sweep.Stop is { } stop ? Word(stop.Kind) : null,
        Labels = sweep.Labels,
        Fingerprint = sweep.Fingerprint,
        CreatedAt = sweep.CreatedAt,
        ChangedAt = sweep.ChangedAt,
        RunningSeconds = sweep.Running.TotalSeconds,
    };

    public static SweepView Of(StoredSweep stored, Sweep sweep, ImmutableArray<Trial> trials)
    {
        var ledger = new BudgetLedger(sweep, trials, stored.Running);
        var standing = new SweepStanding(sweep, trials);
        var best = standing.Verified.Concat(standing.Searched).FirstOrDefault(evidence => evidence.Verdict is SloVerdict.Met);
        return Of(stored) with
        {
            Progress = new SweepProgress
            {
                Trials = ledger.Trials,
                MostTrials = sweep.Budget.Trials,
                MostSeconds = sweep.Budget.WallTime?.TotalSeconds,
                Money = ledger.Money,
                MostMoney = sweep.Budget.Money,
                Currency = sweep.Cost.Currency,
                Running = [.. trials.Where(trial => !trial.HasEnded).Select(trial => trial.Number)],
                Best = best?.Candidate.Key,
                BestPerHour = best?.CostPerHour,
                BestCost = best is null ? null : MinimizedRow.Cost(MinimizedRow.Of(sweep), sweep.Cost.Currency, best.CostPerHour, best.MeasuredObjective),
            },
        };
    }

    public static StateChangeView Of(StateChange change) =>
        new(change.At, JsonNamingPolicy.CamelCase.ConvertName(change.From), JsonNamingPolicy.CamelCase.ConvertName(change.To), change.Reason);

    /// <summary>A value of a closed list as the API spells it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
