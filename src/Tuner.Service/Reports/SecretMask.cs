using System.Collections.Immutable;
using System.Text.RegularExpressions;
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
    private static readonly ImmutableHashSet<string> Anywhere = ["password", "passwd", "passphrase", "secret", "secrets", "credential", "credentials", "apikey"];
    private static readonly ImmutableHashSet<string> AtEnd = ["token", "dsn", "pwd", "auth", "authorization", "pat"];
    private static readonly ImmutableHashSet<string> BeforeKey = ["api", "access", "private", "signing", "encryption", "account", "shared", "subscription", "ssh", "master"];

    private readonly ImmutableArray<string> known;

    private SecretMask(ImmutableArray<string> known)
    {
        this.known = known;
    }

    /// <summary>Knows the secret values that the sweep's target holds.</summary>
    public static SecretMask Of(Target target)
    {
        if (target is not Target.Process process)
        {
            return new SecretMask([]);
        }

        var values = process.Environment.Where(pair => IsSecretName(pair.Key)).Select(pair => pair.Value.Text).ToList();
        for (var index = 0; index < process.Command.Length; index++)
        {
            if (SecretPart(process.Command, index) is { } part)
            {
                values.Add(part);
            }
        }

        // A value with placeholders is hidden where it is rendered; its text as written appears nowhere.
        return new SecretMask([.. values.Where(value => value.Length >= ShortestKnown && !value.Contains("{{", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Whether a variable or option of this name holds a secret.</summary>
    public static bool IsSecretName(string name)
    {
        var words = Words().Matches(name).Select(match => match.Value.ToLowerInvariant()).ToList();
        if (words.Count == 0)
        {
            return false;
        }

        return words.Any(Anywhere.Contains)
            || AtEnd.Contains(words[^1])
            || (words.Count > 1 && words[^1] is "key" && BeforeKey.Contains(words[^2]))
            || (words.Count > 1 && words[^1] is "string" && words[^2] is "connection");
    }

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

        return UserInfo().Replace(text, $"://{Hidden}@");
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

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")]
    private static partial Regex Words();

    [GeneratedRegex("://[^/@\\s:]+:[^/@\\s]+@")]
    private static partial Regex UserInfo();
}
