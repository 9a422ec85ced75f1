using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages.Building;

/// <summary>Sweeps as lines of the list. Trials are looked up only for those that go on, and only where that is soon done.</summary>
internal static class SweepLines
{
    public static async Task<SweepLine> OfAsync(StoredSweep stored, SweepSnapshots snapshots, Task soon, CancellationToken cancellationToken)
    {
        var line = new SweepLine
        {
            Id = stored.Id.Value,
            Name = stored.Name,
            Project = stored.Project,
            Labels = string.Concat(stored.Labels.Select(pair => $", {pair.Key}:{pair.Value}")),
            State = stored.State,
            Progress = stored.Running > TimeSpan.Zero ? $"ran {Figures.Duration(Math.Round(stored.Running.TotalSeconds))}" : "",
            Outcome = stored.Reason,
            CreatedAt = stored.CreatedAt,
        };
        if (stored.State is not (SweepState.Running or SweepState.Paused) || await snapshots.GlanceAsync(stored.Id, soon, cancellationToken) is not { } snapshot)
        {
            return line;
        }

        var status = SweepStatusModels.Of(snapshot, ImmutableDictionary<int, TrialProgress>.Empty, ImmutableDictionary<int, string>.Empty);
        return line with
        {
            Share = status.TrialShare,
            Progress = string.Create(CultureInfo.InvariantCulture, $"{status.Trials}{(status.MostTrials is { } most ? $" of {most}" : "")} trials"),
            Outcome = status.Best is null ? stored.Reason : $"so far {status.BestCost}",
        };
    }
}
