using Tuner.Core.Measurements;

namespace Tuner.Core.Slos;

/// <summary>The seconds of one run that an SLO is judged on, in the order they were sent; a phase's bounds are kept.</summary>
internal sealed class RunSeconds
{
    private readonly List<(PhaseMeasurement Phase, int From, int Length)> phases = [];
    private readonly List<SecondMeasurement> seconds = [];

    private RunSeconds(bool openModel) => OpenModel = openModel;

    public bool OpenModel { get; }

    public int Length => seconds.Count;

    public IReadOnlyList<SecondMeasurement> Seconds => seconds;

    /// <summary>The phases in order, with the place of their seconds in <see cref="Seconds"/>.</summary>
    public IReadOnlyList<(PhaseMeasurement Phase, int From, int Length)> Phases => phases;

    /// <summary>All phases, or the one named.</summary>
    public static RunSeconds Of(Measurement measurement, string? phase)
    {
        var run = new RunSeconds(measurement.OpenModel);
        foreach (var each in measurement.Phases)
        {
            if (phase is null || string.Equals(each.Name, phase, StringComparison.Ordinal))
            {
                run.phases.Add((each, run.seconds.Count, each.Seconds.Length));
                run.seconds.AddRange(each.Seconds);
            }
        }

        return run;
    }

    /// <summary>The seconds phase by phase: stretches that should be alike.</summary>
    public IEnumerable<IReadOnlyList<SecondMeasurement>> Segments() => phases.Where(phase => phase.Length > 0).Select(phase => seconds.GetRange(phase.From, phase.Length));

    /// <summary>Two counts of every second, phase by phase.</summary>
    public IEnumerable<(double[] Numerator, double[] Denominator)> Counts(Func<SecondMeasurement, (double Numerator, double Denominator)> count)
    {
        foreach (var segment in Segments())
        {
            var pairs = segment.Select(count).ToList();
            yield return ([.. pairs.Select(pair => pair.Numerator)], [.. pairs.Select(pair => pair.Denominator)]);
        }
    }

    public LatencyHistogram? Histogram(int second, string series) => seconds[second].Series.GetValueOrDefault(series);
}
