using System.Globalization;
using System.Text.RegularExpressions;

namespace Tuner.Benchmarks.Loads;

/// <summary>A load generator, how it is called, and how its count of requests is read from what it prints.</summary>
internal sealed record Tool(string Name, Func<Uri, TimeSpan, string[]> Command, string Pattern)
{
    public const int Connections = 64;

    /// <summary>Requests that it sends and does not count: its warm-up.</summary>
    public long Uncounted { get; init; }

    /// <summary>Every one with one thread and 64 connections that it keeps, as fast as the target answers.</summary>
    public static IReadOnlyList<Tool> ClosedLoop(PublishedTuner tuner, BareLoop? bare) =>
    [
        Tuner(tuner, "tuner native", "--engine", "native", "--users", $"{Connections}"),
        Tuner(tuner, "tuner portable", "--engine", "portable", "--users", $"{Connections}"),
        .. bare is null ? Array.Empty<Tool>() : [new Tool("(a bare loop in C)", (url, time) => [bare.Command, $"{url.Port}", $"{Connections}", Seconds(time)], @"(\d+) answers")],
        new Tool("wrk", (url, time) => ["wrk", "-t1", $"-c{Connections}", $"-d{Seconds(time)}s", $"{url}"], @"(\d+) requests in"),
        new Tool("h2load", (url, time) => ["h2load", "--h1", "-t1", $"-c{Connections}", $"-D{Seconds(time)}", $"{url}"], @"requests: (\d+) total"),
        new Tool("ab", (url, time) => ["ab", "-q", "-k", $"-c{Connections}", $"-t{Seconds(time)}", "-n100000000", $"{url}"], @"Complete requests:\s+(\d+)"),
        new Tool("hey", (url, time) => ["hey", "-cpus", "1", $"-c", $"{Connections}", "-z", $"{Seconds(time)}s", $"{url}"], @"\[200\]\s+(\d+) responses"),
    ];

    /// <summary>The tools that can keep a rate, with evenly spaced requests.</summary>
    public static IReadOnlyList<Tool> FixedRate(PublishedTuner tuner, int rate) =>
    [
        Paced(tuner, "precise", rate),
        Paced(tuner, "default", rate),
        Paced(tuner, "economical", rate),
        new Tool("h2load", (url, time) => ["h2load", "--h1", "-t1", $"-c{Connections}", $"--rps={rate / Connections}", $"-D{Seconds(time)}", $"{url}"], @"requests: (\d+) total"),
        new Tool("hey", (url, time) => ["hey", "-cpus", "1", "-c", $"{Connections}", "-q", $"{rate / Connections}", "-z", $"{Seconds(time)}s", $"{url}"], @"\[200\]\s+(\d+) responses"),
    ];

    public long? RequestsIn(string output) =>
        Regex.Match(output, Pattern) is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    /// <summary>A process that has just started is late whatever its pacing: its first second is not measured.</summary>
    private static Tool Paced(PublishedTuner tuner, string pacing, int rate) =>
        Tuner(tuner, $"tuner {pacing}", "--rate", $"{rate}/s", "--arrival", "constant", "--pacing", pacing, "--warmup", "1s") with { Uncounted = rate };

    private static Tool Tuner(PublishedTuner tuner, string name, params string[] load) =>
        new(name, (url, time) => [tuner.Command, "load", $"{url}", .. load, "--duration", $"{Seconds(time)}s", "--output", "json", "--quiet"], @"""succeeded"": (\d+)");

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
