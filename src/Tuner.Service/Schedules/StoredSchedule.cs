using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.Service.Storage;

namespace Tuner.Service.Schedules;

/// <summary>A sweep that runs again and again.</summary>
public sealed record StoredSchedule
{
    public required string Id { get; init; }

    public required string Project { get; init; }

    /// <summary>The sweep's name; one schedule for each name of a project.</summary>
    public required string Name { get; init; }

    public required SweepSchedule Rule { get; init; }

    public bool Paused { get; init; }

    /// <summary>When it is due; null where it never will be, or while it is paused.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What became of one due run.</summary>
/// <param name="Sweep">The sweep that was started; null where none was.</param>
public sealed record ScheduleRun(DateTimeOffset DueAt, DateTimeOffset DoneAt, ScheduleOutcome Outcome, SweepId? Sweep, string Reason);

/// <summary>A run with what came of its sweep.</summary>
/// <param name="State">Where the sweep stands; null where none was started, or it was deleted.</param>
/// <param name="Verdict">The gate's word; null where the sweep was no gate's, or has not ended.</param>
public sealed record ScheduleNight(ScheduleRun Run, SweepState? State, GateVerdict? Verdict, string? VerdictReason);

/// <summary>What became of a due run.</summary>
public enum ScheduleOutcome
{
    Started,

    /// <summary>The last one was still going.</summary>
    Skipped,

    /// <summary>It came due while no service was running, or before the clock was put forward.</summary>
    Missed,

    /// <summary>The sweep could not be made.</summary>
    Failed,
}
