using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>
/// Secrets that stand in an object in clear and that Tuner cannot put elsewhere, since it knows only that they are there:
/// in addresses, in the words of a shell, in the texts of a ConfigMap. They are refused, by name and never by value.
/// </summary>
internal static partial class ClearSecrets
{
    private static readonly HashSet<string> Plain = new(["true", "false", "yes", "no", "on", "off", "none", "null", "basic", "enabled", "disabled", "required", "optional"], StringComparer.OrdinalIgnoreCase);

    /// <exception cref="RenderingException">There is one; the message holds the cure.</exception>
    public static void Refuse(JsonObject document)
    {
        var what = $"{document.Text("kind")} '{document.Text("metadata", "name")}'";
        if (document.Text("kind") is "ConfigMap" && document["data"] is JsonObject data)
        {
            foreach (var (key, text) in data.Texts())
            {
                if ((text.Length > 0 && !text.Contains('\n', StringComparison.Ordinal) && SecretNames.Contain(key) && IsClear(text) ? key : Setting().Matches(text).FirstOrDefault(IsSecret)?.Groups["name"].Value) is { } name)
                {
                    throw new RenderingException($"{what} holds {name} in clear, where whoever may read Workflows sees it. Put it into a Secret of the namespace, outside of the sweep, and mount or refer to that.");
                }
            }
        }

        foreach (var text in Texts(document))
        {
            if (InAddress(text))
            {
                throw new RenderingException($"{what} holds an address with a password or key in it, where whoever may read Workflows sees it. Put the address into a Secret of the namespace, outside of the sweep, and refer to that; or into a variable (env), which Tuner keeps in a Secret.");
            }
        }

        foreach (var script in PodPlaces.Of(document).SelectMany(pods => pods.Containers.Concat(pods.Spec.Objects("initContainers"))).SelectMany(Scripts))
        {
            if (Word().Matches(script).FirstOrDefault(IsSecret) is { } found)
            {
                var name = found.Groups["name"].Value;
                var variable = name.ToUpperInvariant().Replace('-', '_').Replace('.', '_');
                throw new RenderingException($"{what} holds {name} in clear in the words of a shell, where whoever may read Workflows sees it. Write the value as the variable {variable} (env), which Tuner keeps in a Secret, and \"${variable}\" in its place.");
            }
        }
    }

    /// <summary>Whether the text holds an address with a password before its host, or a key among its parameters.</summary>
    public static bool InAddress(string text) => text.Contains("://", StringComparison.Ordinal) && SecretAddresses.Hold(text);

    /// <summary>Whether a configuration or JSON holds one.</summary>
    public static bool InSettings(string text) => Settings(text).Any();

    /// <summary>The values of those that it holds.</summary>
    public static IEnumerable<string> Settings(string text) => Setting().Matches(text).Where(IsSecret).Select(match => match.Groups["value"].Value);

    private static bool IsSecret(Match match) => SecretNames.Contain(match.Groups["name"].Value) && IsClear(match.Groups["value"].Value);

    /// <summary>Not one that is put in elsewhere, a path, or a word of a setting that only sounds so.</summary>
    private static bool IsClear(string value) => value.Length > 0 && value[0] is not ('$' or '/' or '{' or '<') && !Plain.Contains(value);

    private static IEnumerable<string> Scripts(JsonObject container) => new[] { "command", "args" }
        .SelectMany(list => container[list] as JsonArray ?? [])
        .Select(word => word is JsonValue value && value.TryGetValue<string>(out var text) ? text : "")
        .Where(text => text.Any(char.IsWhiteSpace));

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(pair => Texts(pair.Value)),
        JsonArray items => items.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    /// <summary>A line of a configuration file: <c>name: value</c>, <c>name = value</c>, <c>"name": "value"</c>.</summary>
    [GeneratedRegex(@"(^|[\n{,])\s*[""']?(?<name>[A-Za-z][A-Za-z0-9_.-]*)[""']?\s*[:=]\s*[""']?(?<value>[^\s""',}]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Setting();

    /// <summary>A word of a shell: <c>--name=value</c>, <c>--name value</c>, <c>NAME=value</c>.</summary>
    [GeneratedRegex(@"(^|[\s;&|(])(--?(?<name>[A-Za-z][A-Za-z0-9_.-]*)(=|\s+)|(?<name>[A-Za-z_][A-Za-z0-9_]*)=)[""']?(?<value>[^\s""';&|)-][^\s""';&|)]*)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
