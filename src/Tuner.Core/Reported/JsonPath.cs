using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tuner.Core.Reported;

/// <summary>
/// A way into a JSON document by names and places: <c>stats.accuracy</c>, <c>$.models[0]['hit rate']</c>. A part of RFC 9535:
/// one value, no wildcards and no filters.
/// </summary>
public sealed partial record JsonPath
{
    private readonly ImmutableArray<string> steps;

    private JsonPath(string text, ImmutableArray<string> steps) => (Text, this.steps) = (text, steps);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path)
    {
        var match = Steps().Match(text.Trim());
        path = match.Success && match.Groups["step"].Captures is { Count: > 0 } captures
            ? new JsonPath(text.Trim(), [.. captures.Select(capture => capture.Value)])
            : null;
        return path is not null;
    }

    public bool Equals(JsonPath? other) => other is not null && steps.SequenceEqual(other.steps);

    public override int GetHashCode() => steps.Length;

    public override string ToString() => Text;

    internal (IReadOnlyList<double> Values, string? Problem) Read(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var here = document.RootElement;
            foreach (var step in steps)
            {
                if (Step(here, step) is not { } next)
                {
                    return ([], $"the answer has no '{step}' on the way along {Text}");
                }

                here = next;
            }

            return here.ValueKind switch
            {
                JsonValueKind.Number => ([here.GetDouble()], null),
                JsonValueKind.True => ([1], null),
                JsonValueKind.False => ([0], null),
                JsonValueKind.String when double.TryParse(here.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => ([number], null),
                _ => ([], $"{Text} is no number in the answer"),
            };
        }
        catch (JsonException)
        {
            return ([], "the answer is no JSON");
        }
    }

    private static JsonElement? Step(JsonElement here, string step) => here.ValueKind switch
    {
        JsonValueKind.Object when here.TryGetProperty(step, out var member) => member,
        JsonValueKind.Array when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < here.GetArrayLength() => here[place],
        _ => null,
    };

    [GeneratedRegex(@"^\$?(?:(?:^|\.|(?<=^\$)\.)(?<step>[A-Za-z_][A-Za-z0-9_-]*)|\[(?<step>[0-9]{1,6})\]|\['(?<step>[^'\]]+)'\]|\[""(?<step>[^""\]]+)""\])+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Steps();
}
