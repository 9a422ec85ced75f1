using Tuner.Service.Reports.Html;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Charts;

/// <summary>One shape for each standing, so that colour is never needed to tell them apart. Drawn around the origin.</summary>
internal static class ChartMarks
{
    public static Markup Of(Standing standing, double radius = 4.5) => standing switch
    {
        Standing.Met => Markup.Of($"""<circle class="met" r="{radius}"/>"""),
        Standing.Missed => Markup.Of($"""<circle class="missed" r="{radius}"/>"""),
        Standing.Undecided => Markup.Of($"""<path class="open" d="M0 {-radius - 1} L{radius + 1} {radius} L{-radius - 1} {radius} Z"/>"""),
        Standing.Failed => Markup.Of($"""<path class="failed" d="M{-radius} {-radius} L{radius} {radius} M{-radius} {radius} L{radius} {-radius}"/>"""),
        _ => Markup.Of($"""<path class="lost" d="M{-radius} 0 L{radius} 0"/>"""),
    };

    /// <summary>The ring around a point that has a label.</summary>
    public static Markup Ring(double radius = 8.5) => Markup.Of($"""<circle class="ring" r="{radius}"/>""");

    public static Markup Line(string style) => Markup.Of($"""<path class="{style}" d="M-9 0 L7 0"/>""");

    public static Markup At(double x, double y, Markup mark, string? tooltip = null) => tooltip is null
        ? Markup.Of($"""<g transform="translate({x} {y})">{mark}</g>""")
        : Markup.Of($"""<g transform="translate({x} {y})"><title>{tooltip}</title>{mark}</g>""");
}
