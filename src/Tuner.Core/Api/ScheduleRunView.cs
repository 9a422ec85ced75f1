namespace Tuner.Core.Api;

/// <summary>What became of one run of a schedule.</summary>
public sealed record ScheduleRunView
{
    public required DateTimeOffset DueAt { get; init; }

    public required DateTimeOffset DoneAt { get; init; }

    /// <summary><c>started</c>, <c>skipped</c>, <c>missed</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    public required string Reason { get; init; }

    /// <summary>The sweep that was started; null where none was.</summary>
    public string? Sweep { get; init; }

    /// <summary>Where that sweep stands; null without one, or where it was deleted.</summary>
    public string? SweepState { get; init; }

    /// <summary><c>pass</c>, <c>warning</c> or <c>fail</c>, the regression gate's word; null where there is none (yet).</summary>
    public string? Verdict { get; init; }

    public string? VerdictReason { get; init; }
}
