using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Tuner.Core.Sweeps;

/// <summary>Which names hold secrets. A name decides by its words, so that <c>MAX_TOKENS</c> is none and <c>API_TOKEN</c> is.</summary>
public static partial class SecretNames
{
    private static readonly ImmutableHashSet<string> Anywhere = ["password", "passwd", "passphrase", "secret", "secrets", "credential", "credentials", "apikey"];
    private static readonly ImmutableHashSet<string> AtEnd = ["token", "dsn", "pwd", "auth", "authorization", "pat", "cookie"];
    private static readonly ImmutableHashSet<string> BeforeKey = ["api", "access", "private", "signing", "encryption", "account", "shared", "subscription", "ssh", "master"];

    /// <summary>Whether a variable, option or header of this name holds a secret.</summary>
    public static bool Contain(string name)
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

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")]
    private static partial Regex Words();
}
