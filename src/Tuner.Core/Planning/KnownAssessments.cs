using System.Runtime.CompilerServices;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;

namespace Tuner.Core.Planning;

/// <summary>
/// Assessments that were made before. Judging is pure and a measurement never changes, but every step of a sweep, and
/// everybody who looks at it, judges all of them again: at 2,000 candidates that took seconds. Kept as long as the
/// measurements themselves are.
/// </summary>
internal static class KnownAssessments
{
    /// <summary>For each measurement: a few objectives, judged as search and as verification.</summary>
    private const int MostKept = 24;

    private static readonly ConditionalWeakTable<Measurement, List<Known>> Kept = [];

    /// <param name="slo">What must hold.</param>
    /// <param name="repeats">The candidate's measurements, at least one.</param>
    /// <param name="plan">How sure the verdict has to be.</param>
    /// <param name="beside">What was measured of the baseline, for an SLO that is relative to it; such a verdict changes with either side and is not kept.</param>
    public static SloAssessment Of(Slo slo, IReadOnlyList<Measurement> repeats, JudgingPlan plan, IReadOnlyList<Measurement>? beside = null)
    {
        if (beside is not null)
        {
            return SloJudge.Assess(slo, repeats, plan, beside);
        }

        // Judged within the lock: the engine and whoever looks at its sweep ask for the same at once after a start.
        var known = Kept.GetOrCreateValue(repeats[^1]);
        lock (known)
        {
            if (known.Find(each => each.IsOf(slo, repeats, plan)) is { } before)
            {
                return before.Assessment;
            }

            if (known.Count >= MostKept)
            {
                known.RemoveAt(0);
            }

            var assessment = SloJudge.Assess(slo, repeats, plan);
            known.Add(new Known(slo, [.. repeats], plan, assessment));
            return assessment;
        }
    }

    private sealed record Known(Slo Slo, Measurement[] Repeats, JudgingPlan Plan, SloAssessment Assessment)
    {
        public bool IsOf(Slo slo, IReadOnlyList<Measurement> repeats, JudgingPlan plan) =>
            Repeats.Length == repeats.Count
            && Repeats.Zip(repeats).All(pair => ReferenceEquals(pair.First, pair.Second))
            && Slo.Equals(slo)
            && Plan.Equals(plan);
    }
}
