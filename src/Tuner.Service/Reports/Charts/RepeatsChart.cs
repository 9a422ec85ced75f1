using Tuner.Core.Trials;
using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>Every measurement of the compared candidates beside the interval that they lead to: noise to look at.</summary>
internal static class RepeatsChart
{
    private const double Row = 42;

    public static Markup Render(RepeatsData data)
    {
        if (data.Candidates.IsEmpty)
        {
            return Markup.Empty;
        }

        var values = data.Candidates
            .SelectMany(row => row.Dots.Select(dot => dot.Seconds).Concat(new[] { row.Lower, row.Upper, row.Estimate }.OfType<double>()))
            .Concat(data.Metric.LimitSeconds is { } limit ? [limit] : [])
            .Where(value => value > 0 && double.IsFinite(value))
            .Select(value => Math.Min(value, Farthest(data)))
            .ToList();
        var frame = new ChartFrame("repeats", ChartAxis.Log(values.Min(), values.Max(), value => Figures.Latency(value, 2)), ChartAxis.Linear(0, 1))
        {
            Title = $"Repeats: {data.Metric.Label}",
            Description = string.Join(" ", data.Candidates.Select(row => $"{Words.Of(row.Roles)}: {Words.Counted(row.Dots.Length, "measurement")}, estimate {Figures.Latency(row.Estimate)}, interval {Figures.Latency(row.Lower)} to {(row.Upper > Farthest(data) ? "beyond the plot" : Figures.Latency(row.Upper))}.")),
            HorizontalTitle = $"{data.Metric.Label} (log scale)",
            Left = 150,
            Top = 40,
            Height = 96 + (Row * data.Candidates.Length),
        };
        frame.Legend(
            (Dot(TrialPurpose.Search), "search or repeat"),
            (Dot(TrialPurpose.Verification), "verification"),
            (Markup.Of($"""<path class="interval" d="M-9 -4V4M-9 0H7M7 -4V4"/>"""), "interval"));
        if (data.Metric.LimitSeconds is { } line)
        {
            var x = frame.X(line);
            frame.Add($"""<line class="limit" x1="{x}" x2="{x}" y1="{frame.Top}" y2="{frame.Height - frame.Bottom}"/><text class="limit-label" x="{x - 5}" y="{frame.Top - 4}" text-anchor="end">SLO {Figures.Limit(line, "s")}</text>""");
        }

        for (var index = 0; index < data.Candidates.Length; index++)
        {
            Candidate(frame, data.Candidates[index], frame.Top + (index * Row) + (Row / 2));
        }

        return frame.ToMarkup(verticalLabels: false);
    }

    /// <summary>A bound that says nothing must not squeeze everything else together: it is drawn at the edge.</summary>
    private static double Farthest(RepeatsData data) => Figures.Far * Math.Max(
        data.Metric.LimitSeconds ?? 0,
        data.Candidates.SelectMany(row => row.Dots.Select(dot => dot.Seconds)).DefaultIfEmpty(double.MaxValue / Figures.Far).Max());

    private static void Candidate(ChartFrame frame, RepeatsRow row, double y)
    {
        frame.Add($"""<text class="label strong" x="{frame.Left - 10}" y="{y + 4}" text-anchor="end"><title>{Words.Of(row.Roles)}: {row.Key}</title>{Words.Of(row.Roles.Take(2))}{(row.Roles.Length > 2 ? ", …" : "")}</text>""");
        if (row is { Lower: > 0 and var lower, Upper: > 0 and var upper })
        {
            frame.Add($"""<path class="interval" d="M{frame.X(lower)} {y + 4}V{y + 12}M{frame.X(lower)} {y + 8}H{frame.X(upper)}M{frame.X(upper)} {y + 4}V{y + 12}"/>""");
        }

        if (row.Estimate is > 0 and { } estimate)
        {
            frame.Add($"""<line class="estimate" x1="{frame.X(estimate)}" x2="{frame.X(estimate)}" y1="{y + 2}" y2="{y + 14}"/>""");
        }

        foreach (var dot in row.Dots)
        {
            frame.Add(ChartMarks.At(frame.X(dot.Seconds), y - 4, Dot(dot.Purpose), $"trial {dot.Number}, {Words.Of(dot.Purpose)}: {Figures.Latency(dot.Seconds)}"));
        }
    }

    private static Markup Dot(TrialPurpose purpose) => purpose is TrialPurpose.Verification
        ? Markup.Of($"""<circle class="dot" r="3.5"/>""")
        : Markup.Of($"""<circle class="dot hollow" r="3.5"/>""");
}
