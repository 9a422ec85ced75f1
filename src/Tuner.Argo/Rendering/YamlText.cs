using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tuner.Argo.Rendering;

/// <summary>Writes JSON as the plain YAML that people write Kubernetes objects in; the same every time.</summary>
public static partial class YamlText
{
    public static string Of(JsonNode node)
    {
        var text = new StringBuilder();
        Write(text, node, 0, inList: false);
        return text.ToString();
    }

    /// <summary>Several objects, a line with dashes between them.</summary>
    public static string Of(IEnumerable<JsonObject> documents) => string.Join("---\n", documents.Select(document => Of(document)));

    private static void Write(StringBuilder text, JsonNode? node, int indent, bool inList)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } item:
                foreach (var (index, (key, value)) in item.Index())
                {
                    Pad(text, index == 0 && inList ? 0 : indent).Append(Scalar(key)).Append(':');
                    Value(text, value, indent);
                }

                break;
            case JsonArray { Count: > 0 } items:
                foreach (var (index, value) in items.Index())
                {
                    Pad(text, index == 0 && inList ? 0 : indent).Append('-');
                    if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
                    {
                        text.Append(' ');
                        Write(text, value, indent + 2, inList: true);
                    }
                    else
                    {
                        Value(text, value, indent);
                    }
                }

                break;
            default:
                Value(text.Append(node is JsonObject ? "{}" : node is JsonArray ? "[]" : ""), node is JsonValue ? node : null, indent);
                break;
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 }:
                text.Append('\n');
                Write(text, value, indent + 2, inList: false);
                break;
            case JsonArray { Count: > 0 }:
                text.Append('\n');
                Write(text, value, indent, inList: false);
                break;
            case JsonObject:
                text.Append(" {}\n");
                break;
            case JsonArray:
                text.Append(" []\n");
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String && scalar.GetValue<string>() is var words && IsBlock(words):
                text.Append(words.EndsWith('\n') ? " |\n" : " |-\n");
                foreach (var line in words.TrimEnd('\n').Split('\n'))
                {
                    Pad(text, line.Length == 0 ? 0 : indent + 2).Append(line).Append('\n');
                }

                break;
            default:
                text.Append(' ').Append(value is JsonValue single && single.GetValueKind() is JsonValueKind.String ? Scalar(single.GetValue<string>()) : value?.ToJsonString() ?? "null").Append('\n');
                break;
        }
    }

    // A block keeps text as it is where its lines are plain and it ends with at most one line break.
    private static bool IsBlock(string text) => text.Contains('\n', StringComparison.Ordinal) && text[0] is not (' ' or '\n')
        && !text.EndsWith("\n\n", StringComparison.Ordinal) && !text.Any(character => char.IsControl(character) && character is not '\n')
        && !text.Split('\n').Any(line => line.EndsWith(' '));

    private static string Scalar(string text) => Plain().IsMatch(text) && !Reserved().IsMatch(text) && !text.EndsWith(':') && !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal)
        ? text
        : JsonSerializer.Serialize(text, Relaxed);

    private static StringBuilder Pad(StringBuilder text, int indent) => text.Append(CultureInfo.InvariantCulture, $"{new string(' ', indent)}");

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"^[A-Za-z0-9/._][A-Za-z0-9/._:=+@%()<> -]*(?<! )$")]
    private static partial Regex Plain();

    // What YAML would read as something else than text.
    [GeneratedRegex(@"^(null|~|true|false|yes|no|on|off|y|n|[-+]?[0-9._]+([eE][-+]?[0-9]+)?|0x[0-9a-fA-F]+|0o?[0-7]+|\.inf|\.nan|[0-9]{4}-[0-9].*|[0-9][0-9:_.]*|=|<<)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Reserved();
}
