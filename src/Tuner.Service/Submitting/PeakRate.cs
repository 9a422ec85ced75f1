using Tuner.Core.Loads;

namespace Tuner.Service.Submitting;

/// <summary>The most requests per second that a load asks for.</summary>
internal static class PeakRate
{
    /// <summary>Null for users, who send as much as they are answered.</summary>
    public static double? Of(LoadProfile load) => load.Phases.Any(phase => phase is UsersPhase) ? null : load.Phases.Max(Of);

    private static double Of(Phase phase) => phase switch
    {
        RatePhase level => level.RatePerSecond,
        RampPhase ramp => Math.Max(ramp.FromRatePerSecond, ramp.ToRatePerSecond),
        CurvePhase curve => curve.Points.Max(point => point.RatePerSecond),
        RecordedPhase recorded => recorded.Arrivals.GroupBy(arrival => (long)arrival.TotalSeconds).Select(second => (double)second.Count()).DefaultIfEmpty(0).Max(),
        _ => throw new InvalidOperationException($"Unknown kind of phase {phase.GetType().Name}."),
    };
}
