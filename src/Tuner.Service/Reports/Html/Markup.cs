using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Tuner.Service.Reports.Html;

/// <summary>Text that is HTML or SVG already. Everything else is encoded when it is written.</summary>
public readonly record struct Markup(string Text)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static Markup Empty => new("");

    public static string Encode(string text) => Encoder.Encode(text);

    /// <summary>One piece of markup; the values in it are encoded.</summary>
    public static Markup Of(ref MarkupHandler handler) => new(handler.Result);

    public override string ToString() => Text;
}

/// <summary>Collects markup. What is interpolated is encoded unless it is <see cref="Markup"/> itself.</summary>
internal sealed class MarkupWriter
{
    private readonly StringBuilder text = new();

    public void Add(ref MarkupHandler handler) => text.Append(handler.Result);

    public void Add(Markup markup) => text.Append(markup.Text);

    public Markup ToMarkup() => new(text.ToString());
}

/// <summary>An interpolated string whose literals are markup and whose values are text to encode. Numbers are written with at most two decimals.</summary>
[InterpolatedStringHandler]
public readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder text = new(literalLength + (16 * formattedCount));

    public string Result => text.ToString();

    public void AppendLiteral(string literal) => text.Append(literal);

    public void AppendFormatted(Markup markup) => text.Append(markup.Text);

    public void AppendFormatted(string? value) => text.Append(Markup.Encode(value ?? ""));

    public void AppendFormatted(int value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(long value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(double value)
    {
        var rounded = Math.Round(value, 2);
        text.Append((rounded == 0 ? 0 : rounded).ToString("0.##", CultureInfo.InvariantCulture));
    }
}
