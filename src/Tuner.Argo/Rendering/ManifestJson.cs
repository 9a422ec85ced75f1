using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>
/// From what was written, with its placeholders, to the JSON that the API server gets. Plain scalars have the types that
/// kubectl would give them; what is quoted is text, but for a placeholder alone in a field that can only be a number.
/// </summary>
internal static partial class ManifestJson
{
    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        "replicas", "minReplicas", "maxReplicas", "containerConcurrency", "parallelism", "completions", "backoffLimit", "minReadySeconds", "revisionHistoryLimit",
        "progressDeadlineSeconds", "terminationGracePeriodSeconds", "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold",
        "containerPort", "hostPort", "nodePort", "priority", "weight", "scaleTarget", "batcher", "maxBatchSize", "maxLatency", "canaryTrafficPercent", "timeout",
    };

    /// <exception cref="KeyNotFoundException">A placeholder has no value.</exception>
    public static JsonObject Render(ManifestDocument document, Func<string, string?> lookup) => (JsonObject)Node(document.Content, "", lookup)!;

    private static JsonNode? Node(DefinitionNode node, string key, Func<string, string?> lookup) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(Template.Parse(entry.Key.Text).Render(lookup), Node(entry.Value, entry.Key.Text, lookup)))),
        SequenceNode sequence => new JsonArray([.. sequence.Items.Select(item => Node(item, key, lookup))]),
        ScalarNode scalar => Scalar(scalar, key, lookup),
        _ => throw new InvalidOperationException($"Unknown kind of node {node.GetType().Name}."),
    };

    private static JsonNode? Scalar(ScalarNode scalar, string key, Func<string, string?> lookup)
    {
        var text = Template.Parse(scalar.Text).Render(lookup);
        var onlyPlaceholder = Alone().IsMatch(scalar.Text);
        return scalar.Quoted && !(onlyPlaceholder && Numbers.Contains(key)) ? JsonValue.Create(text) : Plain(text);
    }

    // As YAML 1.1 reads it, since that is what kubectl does.
    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
        _ when Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when Fraction().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    [GeneratedRegex(@"^\{\{[^{}]*\}\}$", RegexOptions.NonBacktracking)]
    private static partial Regex Alone();

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Fraction();
}
