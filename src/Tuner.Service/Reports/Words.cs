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

    public static string Of(Role role) => role switch
    {
        Role.RunnerUp => "runner-up",
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

    /// <summary>How much of the space was tried.</summary>
    public static string Coverage(EvidenceSection evidence) => evidence.SpaceSize is { } size
        ? $"{Counted(evidence.Trials, "trial")} of {Counted(evidence.CandidatesTried, "candidate")}, of {Figures.Count(size)} in the space"
        : $"{Counted(evidence.Trials, "trial")} of {Counted(evidence.CandidatesTried, "candidate")}";

    /// <summary>So many things: <c>1 trial</c>, <c>2 trials</c>.</summary>
    public static string Counted(long count, string thing) => $"{Figures.Count(count)} {thing}{(count == 1 ? "" : "s")}";

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
