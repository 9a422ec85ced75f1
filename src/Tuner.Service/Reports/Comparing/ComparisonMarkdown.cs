using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Tuner.Service.Reports.Comparing;

/// <summary>A comparison as a comment on a pull request; no table wider than six columns. It is what a terminal shows, too.</summary>
public static class ComparisonMarkdown
{
    private const int MostCandidates = 10;

    public static string Write(ReportComparison comparison)
    {
        var (left, right) = (comparison.Left, comparison.Right);
        var text = new StringBuilder();
        Line(text, $"## {MarkdownText.Plain(left.Id)} against {MarkdownText.Plain(right.Id)}");
        Line(text);
        Line(text, $"> {MarkdownText.Plain(comparison.Summary)}");
        Line(text);
        Line(text, "| | Before | After |");
        Line(text, "|---|---|---|");
        foreach (var (name, before, after) in ComparisonRows.Of(comparison))
        {
            Line(text, $"| {name} | {MarkdownText.Plain(before)} | {MarkdownText.Plain(after)} |");
        }

        Line(text);
        List(text, ComparisonRows.Question(comparison), comparison.Differences);
        if (!comparison.Circumstances.IsEmpty)
        {
            List(text, "What differs around the question", comparison.Circumstances);
        }

        Candidates(text, comparison);
        return text.ToString();
    }

    private static void List(StringBuilder text, string title, ImmutableArray<string> lines)
    {
        Line(text, $"{title}{(lines.IsEmpty ? "." : ":")}");
        Line(text);
        foreach (var line in lines)
        {
            Line(text, $"- {MarkdownText.Plain(line)}");
        }

        if (!lines.IsEmpty)
        {
            Line(text);
        }
    }

    private static void Candidates(StringBuilder text, ReportComparison comparison)
    {
        if (comparison.Candidates.IsEmpty)
        {
            return;
        }

        Line(text, "| Measured in both | Before | After | Change | Beyond noise | Standing |");
        Line(text, "|---|---:|---:|---:|---|---|");
        foreach (var row in comparison.Candidates.Take(MostCandidates))
        {
            Line(text, $"| {MarkdownText.Code(row.Key)} | {Figures.Latency(row.LeftLatencySeconds)} | {Figures.Latency(row.RightLatencySeconds)} | {Figures.Change(row.LatencyShare)} | {ComparisonRows.Noise(row.BeyondNoise)} | {ComparisonRows.Standings(row)} |");
        }

        if (comparison.Candidates.Length > MostCandidates)
        {
            Line(text);
            Line(text, $"and {Words.Counted(comparison.Candidates.Length - MostCandidates, "more candidate")}");
        }
    }

    private static void Line(StringBuilder text, string line = "") => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
