using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Tuner.Argo.Rendering;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Reports;

/// <summary>
/// Keeps secrets out of reports: values of environment variables and arguments whose name says that they are secret, also
/// where they turn up again in a log. A name decides by its words, so that <c>MAX_TOKENS</c> is none and <c>API_TOKEN</c> is.
/// </summary>
public sealed partial class SecretMask
{
    public const string Hidden = "(hidden)";

    private const int ShortestKnown = 4;

    private readonly ImmutableArray<string> known;

    private SecretMask(ImmutableArray<string> known)
    {
        this.known = known;
    }

    private static readonly ConditionalWeakTable<Sweep, SecretMask> Masks = [];

    /// <summary>Knows the secret values that the sweep holds: in its target, its load and its manifest.</summary>
    public static SecretMask Of(Sweep sweep) => Masks.GetValue(sweep, key => Known([.. Of(key.Target).known, .. SweepSecrets.Of(key)]));

    /// <summary>Knows the secret values that the target itself holds.</summary>
    public static SecretMask Of(Target target)
    {
        var environment = target switch { Target.Process local => local.Environment, Target.Argo argo => argo.Environment, _ => [] };
        var values = environment.Where(pair => IsSecretName(pair.Key)).Select(pair => pair.Value.Text).ToList();
        if (target is not Target.Process process)
        {
            return Known(values);
        }

        for (var index = 0; index < process.Command.Length; index++)
        {
            if (SecretPart(process.Command, index) is { } part)
            {
                values.Add(part);
            }
        }

        return Known(values);
    }

    // A value with placeholders is hidden where it is rendered; its text as written appears nowhere.
    private static SecretMask Known(IEnumerable<string> values) =>
        new([.. values.Where(value => value.Length >= ShortestKnown && !value.Contains("{{", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)]);

    /// <summary>Whether a variable or option of this name holds a secret.</summary>
    public static bool IsSecretName(string name) => SecretNames.Contain(name);

    /// <summary>The value to show for a variable of this name.</summary>
    public string Value(string name, string value) => IsSecretName(name) ? Hidden : Text(value);

    /// <summary>The argument to show, given the one before it.</summary>
    public string Argument(string? before, string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && IsSecretName(argument[..equals]))
        {
            return $"{argument[..equals]}={Hidden}";
        }

        return before is not null && before.StartsWith('-') && !before.Contains('=', StringComparison.Ordinal) && IsSecretName(before) && !argument.StartsWith('-')
            ? Hidden
            : Text(argument);
    }

    /// <summary>The text without known secret values and without passwords in addresses.</summary>
    public string Text(string text)
    {
        foreach (var value in known)
        {
            text = text.Replace(value, Hidden, StringComparison.Ordinal);
        }

        return SecretAddresses.Hide(UserInfo().Replace(text, $"://{Hidden}@"), Hidden);
    }

    private static string? SecretPart(ImmutableArray<Template> command, int index)
    {
        var argument = command[index].Text;
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && IsSecretName(argument[..equals]))
        {
            return argument[(equals + 1)..];
        }

        return index > 0 && command[index - 1].Text is ['-', ..] before && IsSecretName(before) && !argument.StartsWith('-') ? argument : null;
    }

    [GeneratedRegex("://[^/@\\s:]+:[^/@\\s]+@")]
    private static partial Regex UserInfo();
}
