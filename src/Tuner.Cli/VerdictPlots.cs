using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Cli;

/// <summary>Plots of a few lines for a terminal: how the search went, and where the winner's latencies lie. Each says in words what it draws.</summary>
public static class VerdictPlots
{
    private const int Longest = 24;
    private const int BarWidth = 34;
    private const string Steps = "▁▂▃▄▅▆▇█";

    /// <summary>The cost of the cheapest feasible candidate known, trial by trial; null where none was found.</summary>
    public static string? Search(Report report)
    {
        var data = report.Charts.BestSoFar;
        var trials = data.Trials;
        var known = trials.Where(point => data.BestOf(point) is not null).ToList();
        if (known.Count == 0 || trials.Length < 2)
        {
            return null;
        }

        var (first, last) = (data.BestOf(known[0])!.Value, data.BestOf(known[^1])!.Value);
        var highest = known.Max(point => data.BestOf(point)!.Value);
        var line = string.Concat(Sampled(trials.Length).Select(index => data.BestOf(trials[index]) is { } best ? Step(best, highest) : ' '));
        var found = known.First(point => data.BestOf(point) == last).Number;
        var from = first == last ? "" : $"{Figures.Money((decimal)first, "").TrimEnd()} to ";
        var to = data.Minimized is { } minimized ? $"{Figures.Money((decimal)last, "").TrimEnd()} {minimized.Label}" : $"{Figures.Money((decimal)last, report.Sweep.Currency)}/h";
        return $"{line}  {from}{to}, trial {found} of {trials.Length}";
    }

    /// <summary>The percentiles of the shown candidate as bars on a log scale; <c>┆</c> is the SLO's limit where one speaks of latency.</summary>
    public static IEnumerable<string> Latency(Report report)
    {
        var row = report.Find(report.Verdict.Shown);
        var values = new (string Name, double? Seconds)[] { ("p50", row?.Latency?.P50), ("p95", row?.Latency?.P95), ("p99", row?.Latency?.P99) }.Where(item => item.Seconds is > 0).ToList();
        var limit = report.Charts.CostLatency.Metric.LimitSeconds;
        if (values.Count < 2)
        {
            yield break;
        }

        var ends = values.Select(item => item.Seconds!.Value).Concat(limit is > 0 and { } set ? [set] : []).ToList();
        var (low, high) = (Math.Log(ends.Min() / 2), Math.Log(ends.Max()));
        int Place(double seconds) => (int)Math.Round((Math.Log(seconds) - low) / (high - low) * (BarWidth - 1));
        foreach (var (name, seconds) in values)
        {
            var bar = new string('━', Math.Max(1, Place(seconds!.Value))).PadRight(BarWidth).ToCharArray();
            if (limit is > 0 and { } line)
            {
                bar[Place(line)] = '┆';
            }

            yield return $"{name} {new string(bar)} {Figures.Latency(seconds)}{(name == values[^1].Name && limit is { } at ? $" (┆ {Figures.Limit(at, "s")})" : "")}";
        }
    }

    private static char Step(double value, double highest) => highest <= 0 ? Steps[0] : Steps[Math.Clamp((int)Math.Ceiling(value / highest * Steps.Length) - 1, 0, Steps.Length - 1)];

    private static IEnumerable<int> Sampled(int count) => count <= Longest
        ? Enumerable.Range(0, count)
        : Enumerable.Range(0, Longest).Select(index => (int)((long)index * (count - 1) / (Longest - 1)));
}
