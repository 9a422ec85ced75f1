using System.Collections.Immutable;
using Tuner.Core.Api;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Api;

/// <summary>A report's verdict as the API tells it in short.</summary>
internal static class RecommendationViews
{
    public static RecommendationView Of(FoundSweep found, Report report)
    {
        var verdict = report.Verdict;
        var winner = report.Find(verdict.Winner);
        return new RecommendationView
        {
            Sweep = found.Stored.Id.Value,
            Status = SweepViews.Word(verdict.Status),
            Headline = verdict.Headline,
            Advice = verdict.Advice,
            Winner = winner is null ? [] : [.. winner.Parameters.Select(parameter => new ParameterSetting(parameter.Name, parameter.Value))],
            CostPerHour = winner?.CostPerHour,
            Currency = report.Sweep.Currency,
            Saving = verdict.Saving?.Share,
            Slos = [.. verdict.Slos.Select(slo => new SloView(slo.Slo, SweepViews.Word(slo.Verdict), slo.Limit, slo.Estimate, slo.Lower, slo.Upper))],
            Caveats = verdict.Caveats,
            ExitCode = ExitCode(verdict.Status),
        };
    }

    // As 'tuner run' tells scripts; what goes on has none.
    private static int? ExitCode(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => 0,
        VerdictStatus.NothingFeasible => 2,
        VerdictStatus.BudgetExhausted => 4,
        VerdictStatus.NotVerified => 5,
        VerdictStatus.Inconclusive => 6,
        _ => null,
    };
}
