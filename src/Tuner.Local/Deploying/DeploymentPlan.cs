using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Local.Deploying;

/// <summary>What is to be deployed, where, and with which limits.</summary>
internal sealed record DeploymentPlan
{
    public required string TrialId { get; init; }

    public required Sweep Sweep { get; init; }

    public required Target.Process Target { get; init; }

    public required Candidate Candidate { get; init; }

    public required Machine Machine { get; init; }

    public required Placement Placement { get; init; }

    /// <summary>The candidate's priority; 0 keeps the one that Tuner was started with.</summary>
    public required int Nice { get; init; }

    public required string SamplesDirectory { get; init; }

    /// <summary>Where the trial's record is kept while it runs.</summary>
    public required string RecordDirectory { get; init; }

    public CandidateCommand Render(ReplicaContext context) => CandidateCommand.Render(Sweep, Target, Candidate, context);
}
