namespace Tuner.Core.Trials;

/// <summary>The legal moves between trial states; everything else is a bug.</summary>
public static class TrialTransitions
{
    public static bool IsLegal(TrialState from, TrialState to) => (from, to) switch
    {
        (TrialState.Pending, TrialState.Deploying or TrialState.Cancelled or TrialState.Interrupted) => true,
        (TrialState.Deploying, TrialState.Measuring or TrialState.CandidateFailed or TrialState.Invalid or TrialState.Interrupted or TrialState.Cancelled) => true,
        (TrialState.Measuring, TrialState.Measured or TrialState.CandidateFailed or TrialState.Invalid or TrialState.Interrupted or TrialState.Cancelled) => true,
        _ => false,
    };
}
