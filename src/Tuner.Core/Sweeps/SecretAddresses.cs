using System.Text.RegularExpressions;

namespace Tuner.Core.Sweeps;

/// <summary>Passwords and keys that stand in addresses: before the host, or among the parameters, told by their names.</summary>
public static partial class SecretAddresses
{
    /// <summary>Whether the text holds an address with a secret; a path with parameters is one, too.</summary>
    public static bool Hold(string text) => Password().IsMatch(text) || Parameter().Matches(text).Any(IsSecret);

    /// <summary>The keys that stand among an address's parameters.</summary>
    public static IEnumerable<string> Keys(string text) => Parameter().Matches(text).Where(IsSecret).Select(match => match.Value[match.Groups["before"].Length..]);

    /// <summary>The text with the secrets of its addresses replaced.</summary>
    public static string Hide(string text, string instead) => Parameter().Replace(
        Password().Replace(text, match => $"{match.Groups["before"].Value}{instead}@"),
        match => IsSecret(match) ? $"{match.Groups["before"].Value}{instead}" : match.Value);

    private static bool IsSecret(Match match) => SecretNames.Contain(match.Groups["name"].Value) || Signature().IsMatch(match.Groups["name"].Value);

    [GeneratedRegex(@"(?<before>[a-z][a-z0-9+.-]*://[^\s/@:]*:)[^\s/@$][^\s/@]*@", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Password();

    [GeneratedRegex(@"(?<before>[?&](?<name>[A-Za-z0-9_.-]+)=)[^&\s""'$][^&\s""']*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(key|sig|signature|x-amz-signature|x-goog-signature)$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Signature();
}
