using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using static Tuner.Core.Sweeps.SweepText;

namespace Tuner.Core.Sweeps;

/// <summary>In which parts two sweeps ask the same question, and in which another one.</summary>
public static class SweepParts
{
    /// <summary>
    /// What the second sweep measures in another way, in the definition's own words; empty where the same candidate's
    /// measurements of both can be held against each other, however they search and whatever they pay.
    /// </summary>
    public static ImmutableArray<string> Differences(Sweep first, Sweep second)
    {
        (string Part, Action<StringBuilder, Sweep> Put)[] parts =
        [
            ("target", (text, sweep) => PutTarget(text, sweep.Target)),
            ("baseline", (text, sweep) => Put(text, "baseline", sweep.Baseline is { } baseline ? Sorted(baseline) : "")),
            ("load", (text, sweep) => PutLoad(text, sweep.Load)),
            ("slos", PutSlos),
            ("measurement.warmup", (text, sweep) => Put(text, "warmup", Ticks(sweep.Measurement.Warmup))),
        ];
        return [.. parts.Where(part => !string.Equals(Text(text => part.Put(text, first)), Text(text => part.Put(text, second)), StringComparison.Ordinal)).Select(part => part.Part)];
    }

    /// <summary>What may differ between two questions that no text tells shortly, each part by a hash of its own.</summary>
    public static ImmutableSortedDictionary<string, string> Hashes(Sweep sweep)
    {
        (string Part, Action<StringBuilder> Put)[] parts =
        [
            ("target", text => PutTarget(text, sweep.Target)),
            ("parameters", text => PutParameters(text, sweep.Space)),
            ("prices", text =>
            {
                PutInstances(text, sweep.Space);
                PutCost(text, sweep.Cost);
            }),
            ("load", text => PutLoad(text, sweep.Load)),
            ("measurement", text => Put(text, "measurement", sweep.Measurement.ToString())),
            ("budget", text => Put(text, "budget", sweep.Budget.ToString())),
            ("verification", text => Put(text, "verification", sweep.Verification.ToString(), sweep.Envelope.ToString())),
        ];
        return parts.ToImmutableSortedDictionary(part => part.Part, part => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(part.Put))))[..12], StringComparer.Ordinal);
    }

    private static string Text(Action<StringBuilder> put)
    {
        var text = new StringBuilder();
        put(text);
        return text.ToString();
    }
}
