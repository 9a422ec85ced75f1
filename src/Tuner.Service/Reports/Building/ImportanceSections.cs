using System.Collections.Immutable;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>How much each parameter matters: the strategy's model where it has one, the measured candidates otherwise.</summary>
internal static class ImportanceSections
{
    /// <summary>Fewer measured candidates than this say nothing of parameters.</summary>
    private const int LeastCandidates = 6;

    public static ImportanceSection Of(ReportMaterial material)
    {
        if (material.Input.Importance.Count > 0 && material.Input.Importance.Values.Any(share => share > 0))
        {
            return new ImportanceSection(ImportanceSource.Model, Ordered(material, name => material.Input.Importance.GetValueOrDefault(name)));
        }

        var measured = material.Input.Evidence
            .Select(evidence => (evidence.Candidate, Score: Violation(evidence.Slos)))
            .Where(item => item.Score is not null)
            .Select(item => (item.Candidate, Score: item.Score!.Value))
            .ToList();
        return measured.Count < LeastCandidates
            ? new ImportanceSection(ImportanceSource.None, [])
            : new ImportanceSection(ImportanceSource.Trials, Ordered(material, name => Share(measured, name)));
    }

    private static ImmutableArray<ImportanceRow> Ordered(ReportMaterial material, Func<string, double> share) =>
    [
        .. material.Sweep.Space.Parameters
            .Select(parameter => new ImportanceRow(parameter.Name, Math.Round(Math.Clamp(share(parameter.Name), 0, 1), 4)))
            .OrderByDescending(row => row.Share),
    ];

    /// <summary>How far the worst SLO is from its limit, on the log scale.</summary>
    private static double? Violation(ImmutableArray<SloAssessment> slos)
    {
        var values = slos.Select(slo => slo.LogViolation).OfType<double>().Where(double.IsFinite).ToList();
        return values.Count == 0 ? null : values.Max();
    }

    /// <summary>
    /// The share of the variance that lies between the parameter's values, less what so many groups would show by chance
    /// (epsilon squared, Kelley 1935).
    /// </summary>
    private static double Share(List<(Candidate Candidate, double Score)> measured, string parameter)
    {
        var groups = measured.GroupBy(item => item.Candidate.Find(parameter)?.Text, StringComparer.Ordinal).Select(group => group.Select(item => item.Score).ToList()).ToList();
        var free = measured.Count - groups.Count;
        var mean = measured.Average(item => item.Score);
        var total = measured.Sum(item => (item.Score - mean) * (item.Score - mean));
        if (groups.Count < 2 || free < 1 || total < 1e-12)
        {
            return 0;
        }

        var within = groups.Sum(group => group.Sum(score => (score - group.Average()) * (score - group.Average())));
        return (total - within - ((groups.Count - 1) * within / free)) / total;
    }
}
