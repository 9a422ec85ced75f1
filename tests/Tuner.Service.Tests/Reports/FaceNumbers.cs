using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Service.Reports;

namespace Tuner.Service.Tests.Reports;

/// <summary>
/// The numbers of a face, each with its unit, and those that its JSON allows: every one that stands there, written by the
/// product's own rules of rounding, and whatever stands in a text there.
/// </summary>
internal static partial class FaceNumbers
{
    /// <summary>Numbers of the text that the JSON does not hold, a line each, with some text around it; empty where there is none.</summary>
    public static string Missing(string face, string json)
    {
        var allowed = Allowed(JsonNode.Parse(json)!);
        return string.Join('\n', Number().Matches(face).Where(match => !allowed.Contains(Norm(match.Value))).Select(match => $"{match.Value} in …{Around(face, match)}…"));
    }

    /// <summary>What a reader sees of a page, tooltips of plots included; not the ticks of axes, which are no data.</summary>
    public static string Visible(string html)
    {
        var body = Hidden().Replace(html[html.IndexOf("<body", StringComparison.Ordinal)..], " ");
        return WebUtility.HtmlDecode(Tag().Replace(Ticks().Replace(body, " "), " "));
    }

    private static HashSet<string> Allowed(JsonNode root)
    {
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in Leaves(root))
        {
            foreach (var text in value.GetValueKind() is System.Text.Json.JsonValueKind.Number ? Ways(value.GetValue<double>()) : Texts(value.ToString()))
            {
                allowed.UnionWith(Number().Matches(text).Select(match => Norm(match.Value)));
            }
        }

        return allowed;
    }

    private static IEnumerable<JsonValue> Leaves(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(pair => Leaves(pair.Value)),
        JsonArray list => list.SelectMany(Leaves),
        JsonValue value => [value],
        _ => [],
    };

    private static IEnumerable<string> Texts(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && text.Contains('T', StringComparison.Ordinal)
            ? [Figures.Time(time), time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)]
            : [text];

    private static IEnumerable<string> Ways(double value)
    {
        for (var digits = 2; digits <= 6; digits++)
        {
            yield return Figures.Latency(value, digits);
            yield return Figures.Share(value, digits);
            yield return Figures.Rate(value, digits);
            yield return Figures.Significant(value, digits);
        }

        yield return Figures.Limit(value, "s");
        yield return Figures.Limit(value, "share");
        yield return Figures.Limit(value, "1/s");
        yield return Figures.Limit(value, "");
        yield return Figures.Percent(value);
        yield return Figures.Change(value);
        yield return Figures.Margin(value);
        yield return Figures.Duration(value);
        yield return Figures.Cores(value);
        if (Math.Abs(value) < 1e15)
        {
            yield return Figures.Count((long)value);
            yield return Figures.Bytes((long)value);
            yield return Figures.Money((decimal)value, "USD");
            yield return Figures.Set((decimal)value, "USD");
        }
    }

    // A sign is told by the words around it, too: "50 % less".
    private static string Norm(string number) => number.TrimStart('+', '−', '-');

    private static string Around(string face, Match match) =>
        face[Math.Max(0, match.Index - 50)..Math.Min(face.Length, match.Index + match.Length + 30)].ReplaceLineEndings(" ");

    [GeneratedRegex(@"(?<![\w.,])[+−-]?\d+(,\d{3})*(\.\d+)?(?!\.?\d)( min \d\d s| h \d\d min|( (ms|µs|s|%|USD|[MGK]iB|cores)|/s|×)(?!\w))?", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex(@"<(?<tag>style|script)\b.*?</\k<tag>>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();

    [GeneratedRegex("""<text class="tick".*?</text>""", RegexOptions.Singleline)]
    private static partial Regex Ticks();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
