using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tuner.Core.Reported;

namespace Tuner.Core.Definitions;

/// <summary>Reads the numbers that the target reports.</summary>
internal static partial class ReportedBinding
{
    /// <summary>Words that an SLO already understands.</summary>
    private static readonly ImmutableArray<string> Taken = ["latency", "throughput", "memory", "cpu", "errors", "error", "total", "mean", "average", "median"];

    public static ImmutableArray<ReportedNumber> Read(Section root)
    {
        var numbers = ImmutableArray.CreateBuilder<ReportedNumber>();
        foreach (var (name, section) in root.Sections("metrics"))
        {
            if (!Name().IsMatch(name) || Taken.Contains(name) || Percentile().IsMatch(name))
            {
                root.Problems.Error(section.Here, $"'{name}' is no name of a metric. Write a letter, then letters, digits and underscores, and no word that SLOs know already, such as accuracy.");
            }
            else if (Source(section) is { } source && Path(section) is { } path && section.Text("over") is { } over)
            {
                numbers.Add(new ReportedNumber(name, path, source, over switch { "sum" => Combining.Sum, "min" => Combining.Min, "max" => Combining.Max, _ => Combining.Mean }));
            }
        }

        return numbers.ToImmutable();
    }

    private static string? Path(Section section)
    {
        var path = section.Text("path");
        if (path is not null && (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal) || path.Any(char.IsWhiteSpace)))
        {
            section.Error("path", $"'{path}' is no path of the target. Begin with a single slash, without spaces.");
            return null;
        }

        return path;
    }

    private static NumberSource? Source(Section section)
    {
        if (section.Text("json") is { } json)
        {
            if (JsonPath.TryParse(json, out var path))
            {
                return new NumberSource.Json(path);
            }

            section.Error("json", $"'{json}' is no path to one value. Write names and places, such as stats.accuracy or models[0].accuracy.");
        }
        else if (section.Text("prometheus") is { } prometheus)
        {
            if (SeriesSelector.TryParse(prometheus, out var selector))
            {
                return new NumberSource.Prometheus(selector);
            }

            section.Error("prometheus", $"'{prometheus}' selects no series. Write a name and labels, such as queue_depth{{model=\"digits\"}}.");
        }

        return null;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]{0,49}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[pP][0-9.]+\z")]
    private static partial Regex Percentile();
}
