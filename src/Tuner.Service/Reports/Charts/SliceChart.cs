using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>The latency of all measured candidates by the value of one parameter.</summary>
internal static class SliceChart
{
    private const int MostPoints = 300;
    private const int MostLabels = 12;

    public static Markup Render(SliceData data, LatencyMetricRow metric, string? winner)
    {
        var all = data.Values.Sum(value => value.Candidates.Length);
        if (all == 0)
        {
            return Markup.Empty;
        }

        var latencies = data.Values.SelectMany(value => value.Candidates.Select(point => point.LatencySeconds)).Concat(metric.LimitSeconds is { } limit ? [limit] : []).ToList();
        var every = (all + MostPoints - 1) / MostPoints;
        var frame = new ChartFrame(
            $"slice-{Id(data.Parameter)}",
            ChartAxis.Places(data.Values.Length, [.. data.Values.Select(value => value.Value)], MostLabels),
            ChartAxis.Log(latencies.Min(), latencies.Max(), value => Figures.Latency(value, 2)))
        {
            Title = $"{metric.Label} by {data.Parameter}",
            Description = string.Join(" ", data.Values.Take(MostLabels).Select(value =>
                $"{value.Value}: {Words.Counted(value.Candidates.Length, "candidate")}, best {Figures.Latency(value.Candidates.Min(point => point.LatencySeconds))}.")),
            HorizontalTitle = every == 1 ? data.Parameter : $"{data.Parameter} (every {every}. candidate drawn)",
            VerticalTitle = $"{metric.Label} (log scale)",
            Top = 34,
            Height = 250,
        };
        if (metric.LimitSeconds is { } line)
        {
            frame.Add($"""<line class="limit" x1="{frame.Left}" x2="{ChartFrame.Width - frame.Right}" y1="{frame.Y(line)}" y2="{frame.Y(line)}"/><text class="limit-label" x="{ChartFrame.Width - frame.Right - 4}" y="{frame.Y(line) - 5}" text-anchor="end">SLO {Figures.Limit(line, "s")}</text>""");
        }

        Points(frame, data, winner, every);
        return frame.ToMarkup();
    }

    private static void Points(ChartFrame frame, SliceData data, string? winner, int every)
    {
        var number = 0;
        for (var place = 0; place < data.Values.Length; place++)
        {
            foreach (var point in data.Values[place].Candidates)
            {
                var chosen = string.Equals(point.Key, winner, StringComparison.Ordinal);
                if (number++ % every != 0 && !chosen)
                {
                    continue;
                }

                var (x, y) = (frame.X(place), frame.Y(point.LatencySeconds));
                frame.Add(ChartMarks.At(x, y, ChartMarks.Of(point.Standing, 3.5), every == 1 ? $"{point.Key}: {Figures.Latency(point.LatencySeconds)}, {Words.Of(point.Standing)}" : null));
                if (chosen)
                {
                    frame.Add(ChartMarks.At(x, y, ChartMarks.Ring()));
                }
            }
        }
    }

    private static string Id(string name) => new([.. name.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')]);
}
