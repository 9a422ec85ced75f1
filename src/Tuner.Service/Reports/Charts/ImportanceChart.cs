using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>How much each parameter matters by itself, as bars with their figures.</summary>
internal static class ImportanceChart
{
    private const double Row = 26;

    public static Markup Render(ImportanceSection data)
    {
        if (data.Parameters.IsEmpty)
        {
            return Markup.Empty;
        }

        var frame = new ChartFrame("importance", ChartAxis.Linear(0, 1), ChartAxis.Linear(0, 1))
        {
            Title = "Importance of the parameters",
            Description = string.Join(", ", data.Parameters.Select(row => $"{row.Parameter} {Words.Importance(row.Share)}")) + ".",
            HorizontalTitle = "share of the variation that it explains by itself",
            Left = 150,
            Right = 60,
            Top = 12,
            Height = 60 + (Row * data.Parameters.Length),
        };
        for (var index = 0; index < data.Parameters.Length; index++)
        {
            var (row, y) = (data.Parameters[index], frame.Top + (index * Row) + (Row / 2));
            frame.Add($"""<text class="label" x="{frame.Left - 10}" y="{y + 4}" text-anchor="end">{row.Parameter}</text><rect class="bar-measure" x="{frame.Left}" y="{y - 7}" width="{Math.Max(0.5, frame.X(row.Share) - frame.Left)}" height="14"/>""");
            frame.Add($"""<text class="label strong" x="{frame.X(row.Share) + 6}" y="{y + 4}">{Words.Importance(row.Share)}</text>""");
        }

        return frame.ToMarkup(verticalLabels: false);
    }
}
