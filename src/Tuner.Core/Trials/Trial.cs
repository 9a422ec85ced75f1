using Tuner.Core.Space;

namespace Tuner.Core.Trials;

/// <summary>One evaluation of a candidate. A repeat is another trial of the same candidate.</summary>
public sealed record Trial
{
    public required TrialId Id { get; init; }

    /// <summary>1 for the first trial of the sweep, in the order they were started.</summary>
    public required int Number { get; init; }

    public required Candidate Candidate { get; init; }

    public required TrialPurpose Purpose { get; init; }

    public required TrialState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From the deployment's start to the candidate's removal; zero before it ended. Money is this times the price.</summary>
    public TimeSpan Deployed { get; init; }

    /// <summary>When the trial entered its present state.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    public bool HasEnded => State is not (TrialState.Pending or TrialState.Deploying or TrialState.Measuring);
}

/// <summary>What a trial is run for.</summary>
public enum TrialPurpose
{
    /// <summary>Today's configuration, measured first.</summary>
    Baseline,

    /// <summary>A candidate that the strategy proposed, measured for the first time.</summary>
    Search,

    /// <summary>Another measurement of a candidate whose SLOs are not decided yet.</summary>
    Repeat,

    /// <summary>A fresh measurement of a finalist or of the baseline, interleaved; only these decide what is recommended.</summary>
    Verification,

    /// <summary>The winner at rates below and above the sweep's own, after the answer; no verdict rests on it.</summary>
    Envelope,
}
