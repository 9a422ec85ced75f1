using System.Collections.Immutable;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>
/// One sweep, told to someone who was not there. Every number that any face of it shows (terminal, Markdown, HTML) stands
/// here. Times are in seconds and money in the sweep's currency; null means unknown or not enough data to say.
/// </summary>
public sealed record Report
{
    /// <summary>Major.minor: the minor number grows with additions, the major one when a reader of the old form would break.</summary>
    public const string CurrentSchemaVersion = "2.4";

    public string SchemaVersion { get; init; } = CurrentSchemaVersion;

    public required SweepSection Sweep { get; init; }

    public required VerdictSection Verdict { get; init; }

    /// <summary>Baseline, winner, runner-up, fastest and cheapest, each once with all its roles.</summary>
    public required ImmutableArray<ComparedRow> Compared { get; init; }

    public required ChoiceSection Choice { get; init; }

    /// <summary>Set when every candidate missed or failed.</summary>
    public InfeasibleSection? NothingFeasible { get; init; }

    /// <summary>Set when there is no answer yet.</summary>
    public InconclusiveSection? Inconclusive { get; init; }

    public required EvidenceSection Evidence { get; init; }

    public required SpendSection Spend { get; init; }

    /// <summary>How to run the winner; null without one.</summary>
    public DeploySection? Deploy { get; init; }

    /// <summary>Every candidate that had a trial, cheapest first.</summary>
    public required ImmutableArray<CandidateRow> Candidates { get; init; }

    public required ImmutableArray<TrialRow> Trials { get; init; }

    public required ChartsSection Charts { get; init; }

    /// <summary>The candidate of that key, or null.</summary>
    public CandidateRow? Find(string? key) => Candidates.FirstOrDefault(row => string.Equals(row.Key, key, StringComparison.Ordinal));
}
