namespace Tuner.Core.Api;

/// <summary>
/// One event of a sweep's progress, as it comes over server-sent events. Kinds: <c>sweep</c> (its state changed),
/// <c>trial</c> (a trial's state changed), <c>progress</c> (a glimpse of a running trial; the latest one counts),
/// <c>note</c> (words for a person). The stream ends after the <c>sweep</c> event with which the sweep has ended.
/// </summary>
public sealed record SweepEventView
{
    public const string SweepKind = "sweep";
    public const string TrialKind = "trial";
    public const string ProgressKind = "progress";
    public const string NoteKind = "note";

    public required string Kind { get; init; }

    public SweepView? Sweep { get; init; }

    public TrialView? Trial { get; init; }

    public TrialGlimpse? Progress { get; init; }

    public string? Note { get; init; }
}

/// <summary>A glimpse of a running trial.</summary>
/// <param name="Step">What happens now: <c>starting the candidate</c>, <c>phase steady</c>, …</param>
/// <param name="Share">How much of the load was sent, 0 to 1.</param>
public sealed record TrialGlimpse(int Trial, string Step, double? Share, double? RatePerSecond, double? P99Seconds, long? Errors);
