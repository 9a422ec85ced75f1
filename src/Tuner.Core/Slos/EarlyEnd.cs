using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;

namespace Tuner.Core.Slos;

/// <summary>
/// Says once a second whether a trial may as well end: hopeless, because an SLO is missed beyond what so short a run can
/// leave open, or because the queue only grows; or clearly good, because every SLO is met as clearly. It ends nothing that
/// <see cref="SloJudge"/> would not decide the same way on what was measured so far, at a stricter level since it looks so
/// often. How many feasible candidates it ends by mistake is printed by <c>tests/Tuner.Simulations early-end</c>.
/// </summary>
public sealed record EarlyEnd(ImmutableArray<Slo> Slos, LoadProfile Load, JudgingPlan Plan)
{
    private const int FirstLook = 3;

    /// <summary>A clearly good trial is measured for at least so long, so that its numbers are worth reporting.</summary>
    private const int LeastGoodSeconds = 6;

    /// <summary>
    /// For so many seconds the generator waits for requests that are under way once a load is ended. What is older and not
    /// answered yet might be given up then, and be an error that nobody saw coming.
    /// </summary>
    public const int WaitedForSeconds = 2;

    /// <summary>So many seconds in a row, each slower than the one before, are a queue that grows.</summary>
    private const int GrowingSeconds = 4;

    /// <summary>Up to so many seconds each is looked at; after that a look takes long, and one more second changes little.</summary>
    private const int EverySecondUpTo = 600;

    /// <summary>One-sided error of every look, in place of the plan's.</summary>
    public double Strictness { get; init; } = 0.01;

    /// <summary>The same for calling a trial hopeless; null for <see cref="Strictness"/>. Looks that reject nothing for good may be laxer.</summary>
    public double? HopelessStrictness { get; init; }

    /// <summary>False ends only hopeless trials; verification and the baseline are worth their full length.</summary>
    public bool GoodToo { get; init; } = true;

    /// <summary>Why the trial should end now; null while it should go on.</summary>
    /// <param name="soFar">The phases that have begun, with their full seconds; the newest may hold requests without an answer yet.</param>
    public string? Look(IReadOnlyList<PhaseMeasurement> soFar)
    {
        var seen = new Measurement
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Engine = "so far",
            OpenModel = Load.IsOpenModel,
            Warmup = TimeSpan.Zero,
            Phases = [.. soFar.Select(Settled).Where(phase => phase.Seconds.Length > 0)],
            Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0, PeakConnections = 0, InFlightAtEnd = 0 },
        };
        var current = seen.Phases.LastOrDefault();
        if (current is null || Seconds(seen) < FirstLook || Seconds(seen) % Math.Max(1, Seconds(seen) / EverySecondUpTo) != 0)
        {
            return null;
        }

        return Hopeless(seen, current) ?? (GoodToo && soFar.All(IsAnswered) ? ClearlyGood(seen) : null);
    }

    private string? Hopeless(Measurement seen, PhaseMeasurement current)
    {
        var growing = IsGrowing(current);
        foreach (var slo in Slos.Where(slo => IsTheWhole(slo, seen)))
        {
            var strict = SloJudge.Assess(slo, [seen], PlanAt(HopelessStrictness ?? Strictness));
            if (strict.Verdict is SloVerdict.Missed)
            {
                return $"hopeless after {Seconds(seen)} s: '{slo.Text}', {strict.Reason}";
            }

            if (growing && slo.Metric is QuantileMetric or MeanMetric && SloJudge.Assess(slo, [seen], Plan).Verdict is SloVerdict.Missed)
            {
                return $"hopeless after {Seconds(seen)} s: the queue grows without end, and '{slo.Text}' is missed";
            }
        }

        return null;
    }

    private string? ClearlyGood(Measurement seen) =>
        Seconds(seen) >= LeastGoodSeconds
        && Slos.All(slo => IsTheWhole(slo, seen) && SloJudge.Assess(slo, [seen], PlanAt(Strictness)).Verdict is SloVerdict.Met)
            ? $"clearly good after {Seconds(seen)} s: every SLO is met with room to spare"
            : null;

    private static bool IsAnswered(PhaseMeasurement phase) => phase.Seconds.SkipLast(WaitedForSeconds).All(second => Pending(second) == 0);

    private static long Pending(SecondMeasurement second) => second.Scheduled - second.Succeeded - second.Failed;

    private JudgingPlan PlanAt(double strictness) => Plan with { Confidence = 1 - (2 * strictness), Looks = 1 };

    /// <summary>An SLO on one phase can be judged when that phase runs; one on all of them when the last one does.</summary>
    private bool IsTheWhole(Slo slo, Measurement seen) =>
        slo.Phase is { } phase
            ? seen.Phase(phase) is not null
            : string.Equals(seen.Phases[^1].Name, Load.Phases[^1].Name, StringComparison.Ordinal);

    private static int Seconds(Measurement seen) => seen.Phases.Sum(phase => phase.Seconds.Length);

    private static bool IsGrowing(PhaseMeasurement phase)
    {
        var means = phase.Seconds
            .TakeLast(GrowingSeconds + 1)
            .Select(second => second.Series.GetValueOrDefault(Measurement.LatencySeries)?.Mean ?? TimeSpan.Zero)
            .ToList();
        return means.Count > GrowingSeconds
            && means.Zip(means.Skip(1)).All(pair => pair.Second > pair.First)
            && means[^1] > 1.5 * means[0];
    }

    /// <summary>
    /// The phase without its newest seconds whose answers are still due. Requests that wait for much longer stay in, with
    /// the time they have waited: leaving them out would make the slowest look fast.
    /// </summary>
    private static PhaseMeasurement Settled(PhaseMeasurement phase)
    {
        var seconds = ImmutableArray.CreateBuilder<SecondMeasurement>();
        foreach (var second in phase.Seconds)
        {
            var pending = Pending(second);
            var waited = phase.Seconds.Length - 1 - seconds.Count;
            if (pending > 0 && waited < 1)
            {
                break;
            }

            seconds.Add(pending > 0 ? Waiting(second, pending, TimeSpan.FromSeconds(waited)) : second);
        }

        return phase with { Seconds = seconds.ToImmutable(), Duration = TimeSpan.FromSeconds(seconds.Count) };
    }

    private static SecondMeasurement Waiting(SecondMeasurement second, long pending, TimeSpan waited)
    {
        var histogram = new LatencyHistogram();
        if (second.Series.TryGetValue(Measurement.LatencySeries, out var answered))
        {
            histogram.Add(answered);
        }

        for (var request = 0; request < pending; request++)
        {
            histogram.Record(waited);
        }

        return second with { Succeeded = second.Succeeded + pending, Series = second.Series.SetItem(Measurement.LatencySeries, histogram) };
    }
}
