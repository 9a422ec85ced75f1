using Tuner.Core.Slos;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Planning;

/// <summary>How sure the verdicts of a sweep have to be.</summary>
public static class SweepJudging
{
    /// <summary>
    /// Search trials are looked at after every repeat. Verification trials are looked at after each one too, so that a
    /// finalist that is clearly wrong is given up early; both sets pay for all their planned looks.
    /// </summary>
    public static JudgingPlan Judging(this Sweep sweep, bool verifying) => new()
    {
        Confidence = sweep.Verification.Confidence,
        Looks = Math.Max(1, verifying ? FinalistVerification.MostRepeats(sweep) : sweep.Measurement.MaxRepeats),
    };
}
