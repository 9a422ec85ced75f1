using Tuner.Service.Reports.Building;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>Tells a sweep as a <see cref="Report"/>. Pure: same input, same report.</summary>
public static class ReportBuilder
{
    public static Report Build(ReportInput input)
    {
        var material = new ReportMaterial(input);
        var candidates = CandidateRows.Of(material);
        var compared = ComparedRows.Of(material, candidates);
        var verdict = VerdictSections.Of(material, candidates);
        var report = new Report
        {
            Sweep = SweepSections.Of(material),
            Verdict = verdict,
            Compared = compared,
            Choice = ChoiceSections.Of(material, candidates, verdict),
            NothingFeasible = ChoiceSections.Infeasible(material, candidates),
            Inconclusive = ChoiceSections.Inconclusive(material),
            Evidence = EvidenceSections.Of(material, candidates.FirstOrDefault(row => string.Equals(row.Key, verdict.Shown, StringComparison.Ordinal))),
            Spend = SpendSections.Of(material, verdict.Saving),
            Deploy = DeploySections.Of(material),
            Candidates = candidates,
            Trials = TrialRows.Of(material, candidates),
            Charts = ChartsSections.Of(material, candidates, compared),
        };
        return input.History.IsDefaultOrEmpty
            ? report
            : report with { Charts = report.Charts with { History = HistoryPoints.Together([.. input.History, HistoryPoints.Of(report) with { Gate = input.Gate?.Verdict, GateReason = input.Gate?.Reason }]) } };
    }
}
