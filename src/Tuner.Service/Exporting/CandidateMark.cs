using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Core.Space;

namespace Tuner.Service.Exporting;

/// <summary>
/// The candidate inside of what was exported, as one line of JSON, by which it is read back: an annotation or label
/// <c>tuner/candidate</c>, or the variable <c>TUNER_CANDIDATE</c>.
/// </summary>
public static partial class CandidateMark
{
    public const string Key = "tuner/candidate";
    public const string Variable = "TUNER_CANDIDATE";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Candidate candidate) =>
        new JsonObject(candidate.Values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value.Text)))).ToJsonString(Relaxed);

    /// <summary>The candidate that the text was exported from; null where it carries none of this space.</summary>
    public static Candidate? Find(string exported, SearchSpace space)
    {
        foreach (Match match in Mark().Matches(exported))
        {
            if (Parsed(Unquoted(match.Groups["value"].Value.Trim())) is { } values && Bound(values, space) is { } candidate)
            {
                return candidate;
            }
        }

        return null;
    }

    private static Candidate? Bound(JsonObject values, SearchSpace space)
    {
        var bound = new List<KeyValuePair<string, ParameterValue>>();
        foreach (var parameter in space.Parameters)
        {
            if (values[parameter.Name]?.GetValue<string>() is not { } text)
            {
                return null;
            }

            var known = parameter.GridSize() is not null ? parameter.Grid().Where(item => item.Text == text).ToArray() : [];
            bound.Add(KeyValuePair.Create(parameter.Name, known is [var value, ..] ? value : (double.TryParse(text, out var number) ? ParameterValue.Of(number) : ParameterValue.Of(text))));
        }

        return new Candidate(bound);
    }

    private static JsonObject? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // YAML and .env quote it as JSON does, or as a shell does.
    private static string Unquoted(string text) => text switch
    {
        ['"', .., '"'] => JsonSerializer.Deserialize<string>(text)!,
        ['\'', .., '\''] => text[1..^1].Replace("''", "'", StringComparison.Ordinal),
        _ => text,
    };

    [GeneratedRegex("""^\s*(- )?"?(tuner/candidate|TUNER_CANDIDATE)"?\s*[:=]\s*(?<value>.+)$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Mark();
}
