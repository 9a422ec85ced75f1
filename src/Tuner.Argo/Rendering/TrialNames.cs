using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tuner.Core.Trials;

namespace Tuner.Argo.Rendering;

/// <summary>The names that a trial's objects carry. They derive from the trial alone, so that a repeat finds what it had begun.</summary>
public sealed partial record TrialNames
{
    private const string Alphabet = "bcdfghjklmnpqrstvwxz0123456789";
    private const int SuffixLength = 8;

    /// <summary>A label has 63 characters, and controllers add up to eleven of their own (a StatefulSet's revision).</summary>
    private const int LongestObject = 52;
    private const int LongestName = 52;

    private TrialNames(string workflow, string suffix)
    {
        Workflow = workflow;
        Suffix = suffix;
    }

    /// <summary>Name of the Workflow, also the value of the trial's label: at most 63 characters.</summary>
    public string Workflow { get; }

    /// <summary>What is added, after a dash, to the name of each object of the candidate.</summary>
    public string Suffix { get; }

    public static TrialNames Of(TrialId trial)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(trial.Value));
        var suffix = string.Create(SuffixLength, hash, (text, bytes) =>
        {
            // A letter first: operators turn names into DNS labels and identifiers of their own.
            text[0] = 't';
            for (var index = 1; index < text.Length; index++)
            {
                text[index] = Alphabet[bytes[index] % Alphabet.Length];
            }
        });
        var plain = Other().Replace(trial.Value.ToLowerInvariant(), "-").Trim('-');
        return new TrialNames(plain.Length <= LongestName && plain == trial.Value ? $"tuner-{plain}" : $"tuner-{Cut(plain, LongestName - SuffixLength - 1)}-{suffix}", suffix);
    }

    /// <summary>The trial's own name for an object that the manifest calls so; at most 52 characters.</summary>
    public string Of(string original)
    {
        var room = LongestObject - SuffixLength - 1;
        if (original.Length <= room)
        {
            return $"{original}-{Suffix}";
        }

        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(original)))[..4];
        return $"{Cut(original, room - mark.Length - 1)}-{mark}-{Suffix}";
    }

    private static string Cut(string text, int length) => (text.Length <= length ? text : text[..length]).TrimEnd('-', '.');

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Other();
}
