using Tuner.Core.Space;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>What to do next in a sweep.</summary>
public abstract record SweepStep
{
    private SweepStep()
    {
    }

    /// <summary>Begin a trial.</summary>
    public sealed record Start(Candidate Candidate, TrialPurpose Purpose, string Why) : SweepStep;

    /// <summary>Nothing can be begun before a running trial ends.</summary>
    public sealed record Wait : SweepStep;

    /// <summary>The sweep is over.</summary>
    public sealed record Finish(StopReason Reason) : SweepStep;
}
