using System.Collections.Immutable;
using Tuner.Core.Measurements;

namespace Tuner.Load.Recording;

/// <summary>The requests due in one second, while they are counted.</summary>
internal sealed class SecondRecord
{
    private readonly LatencyHistogram?[] series = new LatencyHistogram?[SeriesNames.Count];
    private Dictionary<string, long>? errors;
    private SecondMeasurement? copy;

    public long Due { get; private set; }

    public long Succeeded { get; private set; }

    public long Failed { get; private set; }

    public void AddDue()
    {
        Due++;
        copy = null;
    }

    public void AddSuccess(long latency)
    {
        Succeeded++;
        AddTo(SeriesNames.Latency, latency);
    }

    public void AddFailure(string kind)
    {
        Failed++;
        errors ??= new Dictionary<string, long>(StringComparer.Ordinal);
        errors[kind] = errors.GetValueOrDefault(kind) + 1;
        copy = null;
    }

    public void AddTo(int name, long nanoseconds)
    {
        (series[name] ??= new LatencyHistogram()).RecordNanoseconds(nanoseconds);
        copy = null;
    }

    public LatencyHistogram? Series(int name) => series[name];

    /// <summary>The second as data; made anew only where something was counted since the last time.</summary>
    public SecondMeasurement Copy(int index)
    {
        if (copy is not null)
        {
            return copy;
        }

        var copies = ImmutableDictionary.CreateBuilder<string, LatencyHistogram>(StringComparer.Ordinal);
        for (var name = 0; name < series.Length; name++)
        {
            if (series[name] is { } histogram)
            {
                var twin = new LatencyHistogram();
                twin.Add(histogram);

                // Days of seconds would fill gigabytes otherwise.
                twin.Pack();
                copies[SeriesNames.All[name]] = twin;
            }
        }

        copy = new SecondMeasurement
        {
            Index = index,
            Scheduled = Due,
            Succeeded = Succeeded,
            Pending = Due - Succeeded - Failed,
            Errors = errors?.ToImmutableDictionary(StringComparer.Ordinal) ?? ImmutableDictionary<string, long>.Empty,
            Series = copies.ToImmutable(),
        };
        return copy;
    }
}

/// <summary>The named series that the generator fills, by number.</summary>
internal static class SeriesNames
{
    public const int Latency = 0;
    public const int FirstEvent = 1;
    public const int BetweenEvents = 2;
    public const int Count = 3;

    public static readonly string[] All = [Measurement.LatencySeries, Measurement.FirstEventSeries, Measurement.BetweenEventsSeries];
}
