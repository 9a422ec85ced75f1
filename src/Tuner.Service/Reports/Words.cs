using Tuner.Core.Gate;
using Tuner.Core.Slos;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>What things are called in every face of a report.</summary>
public static class Words
{
    public static string Of(SloVerdict verdict) => verdict switch
    {
        SloVerdict.Met => "met",
        SloVerdict.Missed => "MISSED",
        _ => "open",
    };

    public static string Of(Standing standing) => standing switch
    {
        Standing.Met => "met",
        Standing.Missed => "missed",
        Standing.Undecided => "undecided",
        Standing.Failed => "failed",
        _ => "not measured",
    };

    public static string Of(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => "verified",
        VerdictStatus.NotVerified => "not verified",
        VerdictStatus.NothingFeasible => "infeasible",
        VerdictStatus.BudgetExhausted => "budget exhausted",
        VerdictStatus.Inconclusive => "inconclusive",
        _ => "unfinished",
    };

    public static string Of(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Pass => "pass",
        GateVerdict.Warning => "warning",
        _ => "FAIL",
    };

    public static string Of(Role role) => role switch
    {
        Role.RunnerUp => "runner-up",
        Role.BestSoFar => "best so far",
        _ => role.ToString().ToLowerInvariant(),
    };

    public static string Of(IEnumerable<Role> roles) => string.Join(", ", roles.Select(Of));

    public static string Of(TrialPurpose purpose) => purpose.ToString().ToLowerInvariant();

    public static string State(string state) => state switch
    {
        nameof(TrialState.CandidateFailed) => "failed",
        _ => state.ToLowerInvariant(),
    };

    /// <summary>The command that goes on with a sweep or runs it again; null where it came from no file.</summary>
    public static string? Command(Report report) => report.Sweep.DefinitionPath is not { } path
        ? null
        : report.Verdict.Status is VerdictStatus.Unfinished
            ? $"tuner run {path} --resume {report.Sweep.Id}"
            : $"tuner run {path} --new";

    /// <summary>What the winner saves, in words; empty without a baseline to compare with.</summary>
    public static string Saving(Report report)
    {
        if (report.Verdict.Saving is not { } saving)
        {
            return "";
        }

        var currency = report.Sweep.Currency;
        if (saving.Baseline != report.Verdict.Winner && (report.Sweep.Minimized, saving.ObjectiveShare) is ({ } minimized, { } share))
        {
            return $"{(share >= 0 ? $"{Figures.Percent(share)} less" : $"none: {Figures.Percent(-share)} more")} {minimized.Label} than the baseline, as measured";
        }

        var exact = saving.Exact ? " (exact, from prices)" : "";
        return saving switch
        {
            _ when saving.Baseline == report.Verdict.Winner => "none: the baseline is the winner",
            { PerHour: 0 } => $"none: same price as the baseline{exact}",
            { PerHour: < 0 } => $"none: {Figures.Percent(-saving.Share)} dearer than the baseline{exact}",
            _ => $"{Figures.Percent(saving.Share)} against the baseline{exact}: {Figures.Money(saving.PerHour, currency)} per hour, {Figures.Money(saving.PerMonth, currency)} per month",
        };
    }

    /// <summary>The bound's name in a heading, <c>95 % bound</c>.</summary>
    public static string BoundName(Report report) => $"{Figures.Limit(report.Evidence.Confidence, "share")} bound";

    /// <summary>A parameter's share of the variation: below a hundredth the digits say nothing.</summary>
    public static string Importance(double share) => share is > 0 and < 0.01 ? "< 1 %" : Figures.Percent(share);

    /// <summary>How much of the space was tried.</summary>
    public static string Coverage(EvidenceSection evidence) => evidence.SpaceSize is { } size
        ? $"{Counted(evidence.Trials, "trial")} of {Counted(evidence.CandidatesTried, "candidate")}, of {Figures.Count(size)} in the space"
        : $"{Counted(evidence.Trials, "trial")} of {Counted(evidence.CandidatesTried, "candidate")}";

    /// <summary>So many things: <c>1 trial</c>, <c>2 trials</c>.</summary>
    public static string Counted(long count, string thing) => $"{Figures.Count(count)} {thing}{(count == 1 ? "" : "s")}";

    public static string Of(ImportanceSource source) => source switch
    {
        ImportanceSource.Model => "By the search's model over the whole space; what is left to 100 % are parameters acting together.",
        ImportanceSource.Trials => "From the measured candidates alone, which were not drawn at random: an indication.",
        _ => "Too little was measured to say.",
    };

    /// <summary>A rate as it was set: every digit of it, no more.</summary>
    public static string Offered(double? perSecond) => perSecond is { } rate ? Figures.Limit(Math.Round(rate, 3), "1/s") : Figures.None;

    /// <summary>What the operating envelope says, in a sentence or three.</summary>
    public static string Envelope(EnvelopeData envelope)
    {
        if (envelope is { Probed: false, BreaksAt: null, UndecidedAt: null, HoldsUpTo: { } own })
        {
            return $"The SLOs hold at {Offered(own)}, the highest rate of the sweep's load; how much more the winner bears was not measured ('verification: {{ envelope: true }}' does).";
        }

        var holds = envelope.HoldsUpTo is { } rate ? $"The SLOs hold up to {Offered(rate)}" : "At no measured rate do the SLOs hold beyond doubt";
        var unclear = envelope.UndecidedAt is { } between ? $", at {Offered(between)} it is not decided" : "";
        var breaks = envelope.BreaksAt is { } beyond ? $" and are missed at {Offered(beyond)}"
            : unclear.Length > 0 ? ""
            : "; where they break was not measured";
        var scale = envelope.ScaleOutRatePerReplica is { } perReplica
            ? $" With {Figures.Percent(envelope.Headroom)} head-room an autoscaler should add a replica at {Figures.Rate(perReplica)} for each{(envelope is { BreaksAt: null, UndecidedAt: null } ? ", or later: no higher rate was tried" : "")}."
            : "";
        return $"{holds}{breaks}{unclear}.{scale}";
    }

    /// <summary>The operating envelope for whoever reads the verdict only; null where nobody looked for it.</summary>
    public static string? Scale(Report report) => report.Charts.Envelope is { Probed: true } envelope ? Envelope(envelope) : null;

    /// <summary>Who cares for something else than the least cost, and what they would pick; empty where that is the winner too, or there is none.</summary>
    public static IEnumerable<(string Who, TradeOffRow Pick)> OtherPicks(Report report)
    {
        if (report is not { Verdict.Winner: { } winner, Choice.TradeOffs: { } found })
        {
            return [];
        }

        var picks = new[] { (Who: "for latency", Pick: found.ForLatency), (Who: "for cost and latency alike", Pick: found.Balanced) };
        return from pick in picks
               where pick.Pick is not null && !string.Equals(pick.Pick.Key, winner, StringComparison.Ordinal)
               group pick by pick.Pick.Key into same
               select (string.Join(", or ", same.Select(pick => pick.Who)), same.First().Pick!);
    }

    /// <summary>What a candidate costs: by what is minimized.</summary>
    public static string Cost(SweepSection sweep, decimal perHour, double? objective) => MinimizedRow.Cost(sweep.Minimized, sweep.Currency, perHour, objective);

    /// <summary>The same without its unit, for a column of that title.</summary>
    public static string CostCell(SweepSection sweep, decimal perHour, double? objective) => MinimizedRow.Cell(sweep.Minimized, sweep.Currency, perHour, objective);

    public static string CostTitle(SweepSection sweep) => MinimizedRow.Title(sweep.Minimized);

    /// <summary>A pick in words, without its key.</summary>
    public static string Of(TradeOffRow pick, SweepSection sweep) => $"{Cost(sweep, pick.CostPerHour, pick.Objective)}, {Figures.Latency(pick.LatencySeconds)}, {Figures.Rate(pick.ThroughputPerSecond)}";

    /// <summary>What ending hopeless trials early saved; null where none was.</summary>
    public static string? EndedEarly(Report report) => report.Spend.EndedEarly == 0
        ? null
        : $"{Counted(report.Spend.EndedEarly, "trial")} ended early saved {Figures.Duration(report.Spend.EarlySavedSeconds)} of load, {Figures.Money(report.Spend.EarlySavedMoney, report.Sweep.Currency)}";

    /// <summary>Whether the SLOs could be met in one phase of the load alone.</summary>
    public static string LoadMet(LoadMetRow row, string currency) =>
        $"phase {row.Phase} ({Offered(row.RatePerSecond)}) alone: {row.Met} of {row.Measured} measured candidates meet every SLO{(row.Key is { } key ? $", the cheapest {key} at {Figures.Money(row.CostPerHour, currency)} per hour" : "")}";

    /// <summary>Why it ended.</summary>
    public static string Stopped(EvidenceSection evidence) => evidence.Stop is { } stop ? $"stopped: {stop.Text}" : "not stopped yet";

    /// <summary>When the sweep has paid for itself; null where that makes no sense.</summary>
    public static string? PaysBack(Report report) => report.Spend switch
    {
        { PaysBackHours: { } hours } => $"after {Figures.Duration(hours * 3600)} of running the winner instead of the baseline",
        { Notional: true } when report.Verdict.Saving is { PerHour: > 0 } => "nothing to pay back: local processes are billed by nobody",
        _ => null,
    };

    /// <summary>What the sweep cost in money and time.</summary>
    public static string Spent(Report report)
    {
        var spend = report.Spend;
        return $"{Money(report)}, {Figures.Duration(spend.LoadSeconds)} of load in {Figures.Duration(spend.WallSeconds)}";
    }

    /// <summary>The money that the sweep cost, marked where nobody is billed for it.</summary>
    public static string Money(Report report)
    {
        var spend = report.Spend;
        var budget = spend.MoneyBudget is { } limit ? $" of {Figures.Set(limit, report.Sweep.Currency)}" : "";
        var notional = spend.Notional ? " (notional: local processes)" : "";
        return $"{Figures.Money(spend.Money, report.Sweep.Currency)}{budget}{notional}";
    }
}
