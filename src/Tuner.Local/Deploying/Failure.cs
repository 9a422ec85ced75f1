using Tuner.Core.Trials;

namespace Tuner.Local.Deploying;

/// <summary>Why a deployment cannot go on; becomes the trial's end once the candidate is gone and its log is complete.</summary>
internal abstract record Failure(string Reason)
{
    /// <summary>The candidate's own fault.</summary>
    public sealed record OfCandidate(FailureKind Kind, string Reason) : Failure(Reason);

    /// <summary>The machine did not give what the trial needs.</summary>
    public sealed record OfMachine(string Reason) : Failure(Reason);
}
