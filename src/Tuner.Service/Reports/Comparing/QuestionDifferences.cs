using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Comparing;

/// <summary>Where two sweeps did not ask the same, so that nobody takes the answers for those to one question.</summary>
internal static class QuestionDifferences
{
    /// <summary>Parts that only their hashes tell apart, and what they hold.</summary>
    private static readonly (string Part, string What)[] Hashed =
    [
        ("target", "another command, environment, manifest or address"),
        ("parameters", "other ranges, constraints or candidates"),
        ("prices", "another price book, or other sizes of instances"),
        ("load", "other bodies, headers, connections or timeouts"),
        ("measurement", "another warm-up, or other repeats and rules of ending early"),
        ("budget", "another budget"),
        ("verification", "other finalists, repeats or confidence"),
    ];

    public static bool None(Report left, Report right) => string.Equals(left.Sweep.Fingerprint, right.Sweep.Fingerprint, StringComparison.Ordinal);

    /// <summary>The differences, each with the part of the definition that it is in.</summary>
    public static IEnumerable<(string Part, string Words)> Of(Report left, Report right)
    {
        var told = Told(left.Sweep, right.Sweep).ToList();
        var hashed = Hashed.Where(item =>
            left.Sweep.Parts.TryGetValue(item.Part, out var one) && right.Sweep.Parts.TryGetValue(item.Part, out var two)
            && !string.Equals(one, two, StringComparison.Ordinal) && !told.Exists(other => other.Part == item.Part));
        return told.Concat(hashed.Select(item => (item.Part, $"{char.ToUpperInvariant(item.Part[0])}{item.Part[1..]}: {item.What}")));
    }

    /// <summary>What differs around the questions.</summary>
    public static IEnumerable<string> Around(Report left, Report right) => Changed(
        ("Machine", "Machine", left.Evidence.Machine.Fingerprint ?? "unknown", right.Evidence.Machine.Fingerprint ?? "unknown"),
        ("Tuner", "Tuner", left.Evidence.Versions.Tuner, right.Evidence.Versions.Tuner)).Select(difference => difference.Words);

    /// <summary>A sentence for whoever reads no further; null where the questions are one, whatever they are called.</summary>
    public static string? Sentence(Report left, Report right)
    {
        var parts = Of(left, right).Select(difference => difference.Part).Where(part => part != "name").Distinct(StringComparer.Ordinal).ToList();
        return parts.Count == 0 ? null : $"They did not ask the same: {string.Join(", ", parts)}.";
    }

    private static IEnumerable<(string Part, string Words)> Told(SweepSection left, SweepSection right) => Changed(
        ("name", "Name", left.Name, right.Name),
        ("SLOs", "SLOs", string.Join("; ", left.Slos), string.Join("; ", right.Slos)),
        ("load", "Request", left.Load.Request, right.Load.Request),
        ("load", "Load", Load(left), Load(right)),
        ("objective", "Objective", left.Minimized?.Label ?? left.Objective.ToString(), right.Minimized?.Label ?? right.Objective.ToString()),
        ("search", "Strategy", $"{left.Strategy}, seed {left.Seed}", $"{right.Strategy}, seed {right.Seed}"),
        ("baseline", "Baseline", left.Baseline ?? "none", right.Baseline ?? "none"));

    private static IEnumerable<(string Part, string Words)> Changed(params (string Part, string Name, string Before, string After)[] items) => items
        .Where(item => !string.Equals(item.Before, item.After, StringComparison.Ordinal))
        .Select(item => (item.Part, $"{item.Name}: {item.Before} → {item.After}"));

    private static string Load(SweepSection sweep) => string.Join(", ", sweep.Load.Phases.Select(phase =>
        $"{phase.Name} {(phase.RatePerSecond is { } rate ? Words.Offered(rate) : $"{phase.Users} users")} for {Figures.Duration(phase.DurationSeconds)}"));
}
