using Tuner.Core.Measurements;

namespace Tuner.Core.Trials;

/// <summary>Where a trial stands. Only <see cref="CandidateFailed"/> and missed SLOs teach infeasibility.</summary>
public abstract record TrialState
{
    private TrialState()
    {
    }

    /// <summary>The name that is stored and shown.</summary>
    public string Name => GetType().Name;

    /// <summary>Decided and stored; nothing was started yet.</summary>
    public sealed record Pending : TrialState;

    /// <summary>The candidate is being started.</summary>
    public sealed record Deploying : TrialState;

    /// <summary>The candidate is ready and under load.</summary>
    public sealed record Measuring : TrialState;

    /// <summary>The load ran to its end and the numbers can be trusted.</summary>
    public sealed record Measured(Measurement Measurement) : TrialState;

    /// <summary>The generator or the machine was the limit; teaches nothing and runs again.</summary>
    public sealed record Invalid(string Reason, Measurement? Measurement) : TrialState;

    /// <summary>The candidate failed by its own fault: it counts as infeasible.</summary>
    public sealed record CandidateFailed(FailureKind Kind, string Reason, string LogTail) : TrialState;

    /// <summary>
    /// Tuner or the machine went away; teaches nothing and runs again. <paramref name="ByRestart"/>: Tuner itself was
    /// stopped, which says nothing about the candidate.
    /// </summary>
    public sealed record Interrupted(string Cause, bool ByRestart = false) : TrialState;

    /// <summary>The user or a budget ended it.</summary>
    public sealed record Cancelled(string Reason) : TrialState;
}

/// <summary>How a candidate failed.</summary>
public enum FailureKind
{
    /// <summary>The command could not be started at all.</summary>
    CannotStart,

    /// <summary>It ended before it was ready.</summary>
    ExitedAtStart,

    /// <summary>It ran, but never became ready in time.</summary>
    NeverReady,

    /// <summary>It ended while under load.</summary>
    ExitedUnderLoad,

    /// <summary>It was killed for using more memory than its instance has.</summary>
    OutOfMemory,

    /// <summary>Another program holds the port that it was given.</summary>
    PortInUse,

    /// <summary>The cluster did not take its objects.</summary>
    Refused,

    /// <summary>Its container image could not be had.</summary>
    ImageNotPulled,
}
