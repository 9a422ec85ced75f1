using System.Collections.Immutable;
using Tuner.Core.Api;
using Tuner.Service.Gate;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>A report's verdict as the API tells it in short.</summary>
internal static class RecommendationViews
{
    /// <param name="word">What the gate says, where the sweep is a run of it and was judged.</param>
    public static RecommendationView Of(FoundSweep found, Report report, GateWord? word)
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
            Gate = found.Stored is { Gate: not null, State: not (SweepState.Cancelled or SweepState.Failed) } ? Word(word) : null,
            ExitCode = found.Stored is { Gate: not null, State: SweepState.Finished } ? (word is null ? null : AnswerCode.Of(word.Verdict)) : AnswerCode.Of(verdict.Status),
        };
    }

    private static GateWordView Word(GateWord? word) => word is null
        ? new GateWordView(GateWordView.Pending, "The gate has not judged it yet.")
        : new GateWordView(SweepViews.Word(word.Verdict), word.Reason);
}
