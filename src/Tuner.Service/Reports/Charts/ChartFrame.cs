using Tuner.Service.Reports.Html;

namespace Tuner.Service.Reports.Charts;

/// <summary>
/// The paper of a plot: size, axes, grid and titles, with a place for what is drawn on it. Colours and fonts come from the
/// classes of the page's style sheet; every shape stays readable without them.
/// </summary>
internal sealed class ChartFrame(string id, ChartAxis horizontal, ChartAxis vertical)
{
    public const double Width = 640;

    private readonly MarkupWriter body = new();

    public double Height { get; init; } = 340;

    public double Left { get; init; } = 62;

    public double Top { get; init; } = 56;

    public double Right { get; init; } = 18;

    public double Bottom { get; init; } = 46;

    public required string Title { get; init; }

    /// <summary>What the plot shows, in words, for those who do not see it.</summary>
    public required string Description { get; init; }

    public string HorizontalTitle { get; init; } = "";

    public string VerticalTitle { get; init; } = "";

    public double InnerWidth => Width - Left - Right;

    public double InnerHeight => Height - Top - Bottom;

    public double X(double value) => Left + (horizontal.Held(value) * InnerWidth);

    public double Y(double value) => Height - Bottom - (vertical.Held(value) * InnerHeight);

    public void Add(ref MarkupHandler handler) => body.Add(ref handler);

    public void Add(Markup markup) => body.Add(markup);

    /// <summary>A line of entries above the plot: a mark and its meaning.</summary>
    public void Legend(params (Markup Mark, string Text)[] entries)
    {
        var x = Left + 5;
        foreach (var (mark, text) in entries)
        {
            body.Add($"""<g transform="translate({x} 14)">{mark}</g><text class="legend" x="{x + 11}" y="18">{text}</text>""");
            x += 36 + (text.Length * 6.2);
        }
    }

    public Markup ToMarkup(bool verticalGrid = true, bool verticalLabels = true)
    {
        var svg = new MarkupWriter();
        svg.Add($"""<svg class="chart" role="img" viewBox="0 0 {Width} {Height}" aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{Title}</title><desc id="{id}-desc">{Description}</desc>""");
        if (verticalLabels)
        {
            foreach (var tick in vertical.Ticks)
            {
                svg.Add($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(tick.Value)}" y2="{Y(tick.Value)}"/><text class="tick" x="{Left - 7}" y="{Y(tick.Value) + 4}" text-anchor="end">{tick.Label}</text>""");
            }
        }

        foreach (var tick in horizontal.Ticks)
        {
            if (verticalGrid)
            {
                svg.Add($"""<line class="grid" x1="{X(tick.Value)}" x2="{X(tick.Value)}" y1="{Top}" y2="{Height - Bottom}"/>""");
            }

            svg.Add($"""<text class="tick" x="{Math.Min(X(tick.Value), Width - 2 - (tick.Label.Length * 3.1))}" y="{Height - Bottom + 17}" text-anchor="middle">{tick.Label}</text>""");
        }

        svg.Add($"""<line class="axis" x1="{Left}" x2="{Width - Right}" y1="{Height - Bottom}" y2="{Height - Bottom}"/>""");
        svg.Add($"""<text class="axis-title" x="{Left - 44}" y="{Top - 12}">{VerticalTitle}</text><text class="axis-title" x="{Width - Right}" y="{Height - 8}" text-anchor="end">{HorizontalTitle}</text>""");
        svg.Add(body.ToMarkup());
        svg.Add($"</svg>");
        return svg.ToMarkup();
    }
}
