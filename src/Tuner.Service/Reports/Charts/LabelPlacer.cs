using Tuner.Service.Reports.Html;

namespace Tuner.Service.Reports.Charts;

/// <summary>Puts labels beside points where they cover neither each other nor a marked point nor the plot's edge.</summary>
internal sealed class LabelPlacer(double left, double top, double right, double bottom)
{
    private const double CharacterWidth = 6.6;
    private const double LineHeight = 13;
    private const double Gap = 12;

    private readonly List<(double X1, double Y1, double X2, double Y2)> taken = [];

    /// <summary>Keeps a place free of labels.</summary>
    public void Keep(double x, double y, double radius) => taken.Add((x - radius, y - radius, x + radius, y + radius));

    public void KeepBox(double x1, double y1, double x2, double y2) => taken.Add((x1, y1, x2, y2));

    /// <summary>The label, or nothing where there is no room for it.</summary>
    public Markup Place(double x, double y, string text, string style)
    {
        var width = text.Length * CharacterWidth;
        var places = new (double X, double Y)[]
        {
            (x + Gap, y - (LineHeight / 2)),
            (x - Gap - width, y - (LineHeight / 2)),
            (x - (width / 2), y - Gap - LineHeight),
            (x - (width / 2), y + Gap),
            (x + Gap, y - Gap - LineHeight),
            (x + Gap, y + Gap),
            (x - Gap - width, y - Gap - LineHeight),
            (x - Gap - width, y + Gap),
        };
        foreach (var (boxX, boxY) in places)
        {
            var box = (X1: boxX, Y1: boxY, X2: boxX + width, Y2: boxY + LineHeight);
            if (box.X1 < left || box.X2 > right || box.Y1 < top || box.Y2 > bottom || taken.Exists(other => Overlap(box, other)))
            {
                continue;
            }

            taken.Add(box);
            return Markup.Of($"""<text class="{style}" x="{boxX}" y="{boxY + LineHeight - 3}">{text}</text>""");
        }

        return Markup.Empty;
    }

    private static bool Overlap((double X1, double Y1, double X2, double Y2) one, (double X1, double Y1, double X2, double Y2) two) =>
        one.X1 < two.X2 && two.X1 < one.X2 && one.Y1 < two.Y2 && two.Y1 < one.Y2;
}
