namespace Tuner.Core.Reported;

/// <summary>
/// A number that the target itself tells, read at the end of each measurement while the candidate still runs: accuracy, a
/// queue's length, a cache's hit rate.
/// </summary>
/// <param name="Name">What SLOs call it.</param>
/// <param name="Path">Path and query that is asked of each replica with GET, beginning with a slash.</param>
/// <param name="Source">Where in the answer it stands.</param>
/// <param name="Over">What becomes of several replicas, or several series.</param>
public sealed record ReportedNumber(string Name, string Path, NumberSource Source, Combining Over);

/// <summary>Where in an answer a number stands.</summary>
public abstract record NumberSource
{
    private NumberSource()
    {
    }

    /// <summary>In a JSON document, at this path.</summary>
    public sealed record Json(JsonPath Path) : NumberSource;

    /// <summary>Among metrics in the text format of Prometheus, in every series that this selects.</summary>
    public sealed record Prometheus(SeriesSelector Selector) : NumberSource;

    /// <summary>The numbers in this answer; the reason in words where there is none.</summary>
    public (IReadOnlyList<double> Values, string? Problem) Read(string answer) => this switch
    {
        Json json => json.Path.Read(answer),
        Prometheus prometheus => prometheus.Selector.Read(answer),
        _ => throw new InvalidOperationException($"Unknown source {GetType().Name}."),
    };
}

/// <summary>How several values of one number become one.</summary>
public enum Combining
{
    Mean,
    Sum,
    Min,
    Max,
}
