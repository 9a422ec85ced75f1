using System.Collections.Immutable;
using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;
using TrialRow = Tuner.Service.Reports.Sections.TrialRow;

namespace Tuner.Service.Pages.Models;

/// <summary>One sweep as it stands. Verdict is markup, empty while there is none.</summary>
public sealed record OneSweepModel(PageFrame Frame, SweepStatusModel Status, SweepProgressModel Progress, string Verdict, string Definition)
{
    public bool IsLive => Status.State is SweepState.Queued or SweepState.Running or SweepState.Paused;

    /// <summary>Whether the page changes by itself.</summary>
    public bool Follows => IsLive || Status.IsReading;

    public bool CanPause => Status.State is SweepState.Queued or SweepState.Running && Status.Request is null;

    public bool CanResume => Status.State is SweepState.Paused || (Status.State is SweepState.Running && Status.Request is "pause");

    public bool CanCancel => IsLive;
}

/// <summary>What changes from second to second: state, budget, and what runs now.</summary>
public sealed record SweepStatusModel
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required SweepState State { get; init; }

    /// <summary><c>pause</c> or <c>cancel</c> where that was asked for and has not happened yet.</summary>
    public string? Request { get; init; }

    public required string Reason { get; init; }

    public required int Trials { get; init; }

    public int? MostTrials { get; init; }

    public double? TrialShare => MostTrials is > 0 and { } most ? Math.Min(1, (double)Trials / most) : null;

    public required double RunningSeconds { get; init; }

    public double? MostSeconds { get; init; }

    /// <summary>The longest it can go on, in words; empty once it has ended.</summary>
    public required string TimeLeft { get; init; }

    public required decimal Money { get; init; }

    public decimal? MostMoney { get; init; }

    public required string Currency { get; init; }

    public required bool Notional { get; init; }

    public string? Best { get; init; }

    /// <summary>Its cost by what is minimized, in words.</summary>
    public string? BestCost { get; init; }

    /// <summary>True while the trials are still being read and judged.</summary>
    public bool IsReading { get; init; }

    public required ImmutableArray<RunningTrial> Now { get; init; }
}

/// <summary>A trial that runs: what it tries and why, and the last glimpse of it.</summary>
public sealed record RunningTrial(int Number, string Purpose, string Key, string Why, string Step, double? Share, string Glimpse);

/// <summary>What changes with every trial: plots (markup) and the latest trials.</summary>
public sealed record SweepProgressModel(string Id, string Currency, MinimizedRow? Minimized, string Plots, ImmutableArray<TrialRow> Trials, int Left)
{
    /// <summary>The latest trials, newest first, as long as they are still being read; empty once they are.</summary>
    public ImmutableArray<OutlineRow> Outlines { get; init; } = [];

    internal string Mark(Standing standing) => SloMarkup.Mark(standing).Text;
}

/// <summary>A trial that is not read yet: what is known of it without its measurement.</summary>
public sealed record OutlineRow(int Number, string Purpose, string Key, string Outcome, decimal CostPerHour);
