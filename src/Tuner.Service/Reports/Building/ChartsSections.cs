using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>The data of every plot.</summary>
internal static class ChartsSections
{
    private const int PointsPerDecade = 16;

    public static ChartsSection Of(ReportMaterial material, ImmutableArray<CandidateRow> candidates, ImmutableArray<ComparedRow> compared) => new()
    {
        CostLatency = CostLatency(material, candidates, compared),
        BestSoFar = BestSoFar(material, candidates),
        Percentiles = Percentiles(material),
        Timeline = new TimelineData([.. material.Trials.Select(trial => Bar(material, trial))]),
        Repeats = new RepeatsData(material.Metric, [.. compared.Select(item => Repeats(material, candidates, item)).Where(row => row.Dots.Length > 0)]),
        Slices = SliceSections.Of(material, candidates),
        Envelope = EnvelopeSections.Of(material),
    };

    private static CostLatencyData CostLatency(ReportMaterial material, ImmutableArray<CandidateRow> candidates, ImmutableArray<ComparedRow> compared)
    {
        var roles = compared.ToDictionary(item => item.Key, item => item.Roles, StringComparer.Ordinal);
        var points = candidates
            .Where(row => row.Standing is not Standing.NotMeasured)
            .Select(row => new CostLatencyPoint(
                row.Key, row.CostPerHour, row.Standing is Standing.Failed ? null : ComparedRows.LatencyOf(material, row), row.Standing, roles.GetValueOrDefault(row.Key, [])) { Objective = row.Objective })
            .ToImmutableArray();
        var data = new CostLatencyData
        {
            Metric = material.Metric,
            Minimized = material.Minimized,
            Points = points,
            Front = [],
            WithoutLatency = points.Count(point => point.LatencySeconds is null && point.Standing is not Standing.Failed),
        };
        return data with { Front = Front(data) };
    }

    private static ImmutableArray<string> Front(CostLatencyData data)
    {
        var front = ImmutableArray.CreateBuilder<string>();
        var best = double.MaxValue;
        double? at = 0;
        foreach (var point in data.Points.Where(point => point.LatencySeconds is not null && data.CostOf(point) is not null).OrderBy(data.CostOf).ThenBy(point => point.LatencySeconds))
        {
            // Equals share a place on the front.
            if (point.LatencySeconds < best || (point.LatencySeconds == best && data.CostOf(point) == at))
            {
                (best, at) = (point.LatencySeconds.Value, data.CostOf(point));
                front.Add(point.Key);
            }
        }

        return front.ToImmutable();
    }

    private static BestSoFarData BestSoFar(ReportMaterial material, ImmutableArray<CandidateRow> candidates)
    {
        var rows = candidates.ToDictionary(row => row.Key, StringComparer.Ordinal);
        var points = ImmutableArray.CreateBuilder<BestSoFarPoint>(material.Trials.Length);
        decimal? best = null;
        double? least = null;
        decimal spent = 0;
        foreach (var trial in material.Trials)
        {
            var row = rows[trial.Candidate.Key];
            spent += SpendSections.Spent(material.Sweep, trial);
            if (trial.State is TrialState.Measured && row.Standing is Standing.Met && !(best <= row.CostPerHour))
            {
                best = row.CostPerHour;
            }

            if (trial.State is TrialState.Measured && row is { Standing: Standing.Met, Objective: { } objective } && !(least <= objective))
            {
                least = objective;
            }

            points.Add(new BestSoFarPoint(trial.Number, row.CostPerHour, PointStanding(trial.State, row.Standing), best, CandidateRows.Exact(spent)) { Objective = row.Objective, BestObjective = least });
        }

        var baseline = material.Sweep.Baseline is { } today ? rows.GetValueOrDefault(today.Key) : null;
        return new BestSoFarData
        {
            BaselineCostPerHour = baseline?.CostPerHour,
            Minimized = material.Minimized,
            BaselineObjective = baseline?.Objective,
            MoneyBudget = material.Sweep.Budget.Money,
            Trials = points.MoveToImmutable(),
        };
    }

    /// <summary>A trial that was lost says nothing about its candidate, whatever another one found.</summary>
    private static Standing PointStanding(TrialState state, Standing standing) => state switch
    {
        TrialState.Measured => standing,
        TrialState.CandidateFailed => Standing.Failed,
        _ => Standing.NotMeasured,
    };

    private static PercentileData Percentiles(ReportMaterial material)
    {
        var series = new List<PercentileSeries>();
        foreach (var (candidate, role) in new[] { (material.Sweep.Baseline, Role.Baseline), (material.Winner, Role.Winner) })
        {
            if (candidate is null || (role is Role.Winner && candidate.Equals(material.Sweep.Baseline)))
            {
                continue;
            }

            var latency = new LatencyHistogram();
            foreach (var summary in material.Valid(candidate))
            {
                latency.Add(summary.In(material.Metric.Phase));
            }

            var points = Quantiles()
                .Select(quantile => (quantile, Seconds: MeasurementSummary.Quantile(latency, quantile, material.Sweep.Measurement.MinRequests)))
                .Where(point => point.Seconds is not null)
                .Select(point => new PercentilePoint(point.quantile, point.Seconds!.Value))
                .ToImmutableArray();
            if (points.Length > 0)
            {
                series.Add(new PercentileSeries(candidate.Key, role, latency.Count, points));
            }
        }

        var limits = material.Sweep.Slos
            .Where(slo => slo.Metric is QuantileMetric { Series: Measurement.LatencySeries } && slo.Phase == material.Metric.Phase)
            .Select(slo => ReportMaterial.Row(slo, (QuantileMetric)slo.Metric));
        return new PercentileData { Series = [.. series], Limits = [.. limits] };
    }

    /// <summary>From p10 (below, the floor of a log scale would say most) to p99.999, evenly spaced in the logarithm of the tail.</summary>
    private static IEnumerable<double> Quantiles()
    {
        yield return 0.1;
        for (var step = 1; step <= 5 * PointsPerDecade; step++)
        {
            yield return Math.Round(1 - Math.Pow(10, -(double)step / PointsPerDecade), 9);
        }
    }

    private static TimelineBar Bar(ReportMaterial material, Trial trial)
    {
        double Seconds(DateTimeOffset time) => Math.Max(0, (time - material.Input.StartedAt).TotalSeconds);
        var measurement = SpendSections.MeasurementOf(trial.State);
        var summary = measurement is null ? null : MeasurementSummary.Of(measurement);
        var end = trial.HasEnded ? trial.ChangedAt : material.Input.EndedAt;
        var measured = measurement is null ? (double?)null : Seconds(measurement.StartedAt);
        return new TimelineBar(
            trial.Number, trial.Candidate.Key, trial.Purpose, trial.State.Name, Seconds(trial.CreatedAt), measured, measured + summary?.Seconds, Seconds(end));
    }

    private static RepeatsRow Repeats(ReportMaterial material, ImmutableArray<CandidateRow> candidates, ComparedRow compared)
    {
        var metric = material.Metric;
        var row = candidates.First(candidate => candidate.Key == compared.Key);
        var slo = row.Slos.FirstOrDefault(item => item.Slo == metric.Slo);
        var dots = ImmutableArray.CreateBuilder<RepeatDot>();
        foreach (var trial in material.Trials.Where(trial => trial.Candidate.Key == compared.Key && trial.Purpose is not TrialPurpose.Envelope))
        {
            if (trial.State is TrialState.Measured measured
                && MeasurementSummary.Quantile(MeasurementSummary.Of(measured.Measurement).In(metric.Phase), metric.Quantile, material.Sweep.Measurement.MinRequests) is { } seconds)
            {
                dots.Add(new RepeatDot(trial.Number, trial.Purpose, seconds));
            }
        }

        return new RepeatsRow(compared.Key, compared.Roles, slo?.Estimate, slo?.Lower, slo?.Upper, dots.ToImmutable());
    }
}
