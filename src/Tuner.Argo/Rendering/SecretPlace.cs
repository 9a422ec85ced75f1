using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>A secret that stands in clear in an object's containers, told by the name of its variable or option.</summary>
/// <param name="Container">The container that it is in.</param>
/// <param name="Name">Of the variable, or the option of the command line.</param>
internal abstract partial record SecretPlace(JsonObject Container, string Name, string Value)
{
    /// <summary>Every one, in containers that Tuner finds, and addresses with a password or key: <c>env</c>, and <c>--name=value</c>, <c>name=value</c> or <c>--name value</c> in command and arguments.</summary>
    public static IReadOnlyList<SecretPlace> In(JsonObject document) =>
    [
        .. PodPlaces.Of(document)
            .SelectMany(pods => pods.Containers.Concat(pods.Spec.Objects("initContainers")))
            .SelectMany(container => Variables(container).Concat(Options(container, "command")).Concat(Options(container, "args"))),
    ];

    /// <summary>Lets it be read from a Secret instead.</summary>
    /// <param name="variable">A name for a variable of the container, where it needs one of its own.</param>
    public abstract void Refer(string variable, JsonObject source);

    private static IEnumerable<SecretPlace> Variables(JsonObject container) => container.Objects("env")
        .Where(variable => variable.Text("value") is { Length: > 0 } value && (SecretNames.Contain(variable.Text("name") ?? "") || ClearSecrets.InAddress(value)))
        .Select(variable => new Variable(container, variable));

    private static IEnumerable<SecretPlace> Options(JsonObject container, string list)
    {
        if (container[list] is not JsonArray words)
        {
            yield break;
        }

        var option = "";
        foreach (var (index, text) in words.Select(word => word is JsonValue value && value.TryGetValue<string>(out var said) ? said : "").Index())
        {
            if (option.Length > 0 && text.Length > 0 && !Reference().IsMatch(text))
            {
                yield return new Word(container, option, text, words, index, "");
            }

            var match = Given().Match(text);
            option = match.Success && !match.Groups["value"].Success && SecretNames.Contain(match.Groups["name"].Value) ? match.Groups["name"].Value : "";
            if (match.Groups["value"] is { Success: true, Length: > 0 } given && (SecretNames.Contain(match.Groups["name"].Value) || ClearSecrets.InAddress(given.Value)) && !Reference().IsMatch(given.Value))
            {
                yield return new Word(container, match.Groups["name"].Value, given.Value, words, index, text[..given.Index]);
            }
            else if (Address().IsMatch(text) && ClearSecrets.InAddress(text))
            {
                yield return new Word(container, "an address", text, words, index, "");
            }
        }
    }

    [GeneratedRegex(@"^(?:--?(?<name>[A-Za-z][A-Za-z0-9._-]*)|-{0,2}(?<name>[A-Za-z][A-Za-z0-9._-]*)=(?<value>.*))\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Given();

    /// <summary>A word that is an address and nothing else.</summary>
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]*://\S+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    /// <summary>A variable that Kubernetes puts in.</summary>
    [GeneratedRegex(@"^\$\([A-Za-z_][A-Za-z0-9_.-]*\)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();

    private sealed record Variable(JsonObject Container, JsonObject Item) : SecretPlace(Container, Item.Text("name")!, Item.Text("value")!)
    {
        public override void Refer(string variable, JsonObject source)
        {
            Item.Remove("value");
            Item["valueFrom"] = source;
        }
    }

    private sealed record Word(JsonObject Container, string Name, string Value, JsonArray Words, int Index, string Before) : SecretPlace(Container, Name, Value)
    {
        public override void Refer(string variable, JsonObject source)
        {
            Words[Index] = $"{Before}$({variable})";
            if (Container["env"] is not JsonArray)
            {
                Container["env"] = new JsonArray();
            }

            Container["env"]!.AsArray().Add(new JsonObject { ["name"] = variable, ["valueFrom"] = source });
        }
    }
}
