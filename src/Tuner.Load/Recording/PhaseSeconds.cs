using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Load.Looping;

namespace Tuner.Load.Recording;

/// <summary>Puts the records of all generator threads together into the phases of a measurement.</summary>
internal static class PhaseSeconds
{
    /// <summary>The phases that had begun by a time (nanoseconds from the start of the load), with every second until then, empty ones too.</summary>
    /// <param name="onlyFull">Leaves out the second that is not over yet.</param>
    public static ImmutableArray<PhaseMeasurement> Collect(LoadPlan plan, IReadOnlyList<LoadRecorder> recorders, long until, bool onlyFull)
    {
        var phases = ImmutableArray.CreateBuilder<PhaseMeasurement>();
        for (var index = 0; index < plan.Phases.Length; index++)
        {
            var planned = plan.Phases[index];
            var length = Math.Min(until, planned.End) - planned.Start;
            if (planned.Recorded && length > 0)
            {
                phases.Add(Collect(planned.Phase, index, recorders, length, onlyFull && until < planned.End));
            }
        }

        return phases.ToImmutable();
    }

    private static PhaseMeasurement Collect(Phase phase, int index, IReadOnlyList<LoadRecorder> recorders, long length, bool onlyFull)
    {
        var duration = TimeSpan.FromTicks(length / 100);
        var count = (int)(onlyFull ? Math.Floor(length / 1e9) : Math.Ceiling(length / 1e9));
        var merged = new SecondMeasurement[count];
        for (var second = 0; second < count; second++)
        {
            merged[second] = new SecondMeasurement { Index = second, Scheduled = 0, Succeeded = 0 };
        }

        foreach (var copy in recorders.SelectMany(recorder => recorder.Copy(index, count)))
        {
            merged[copy.Index] = merged[copy.Index].Scheduled == 0 ? copy : MeasurementMerge.Seconds(merged[copy.Index], copy);
        }

        return new PhaseMeasurement
        {
            Name = phase.Name,
            Duration = onlyFull ? TimeSpan.FromSeconds(count) : duration,
            OfferedRate = phase.MeanRate,
            Users = (phase as UsersPhase)?.Users,
            AchievedRate = recorders.Sum(recorder => recorder.SentInTime(index)) / Math.Max(1e-9, duration.TotalSeconds),
            Seconds = [.. merged],
        };
    }
}
