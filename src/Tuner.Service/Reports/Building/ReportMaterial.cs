using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>The input of a report, ordered and looked up once for all sections.</summary>
internal sealed class ReportMaterial
{
    public const int HoursPerMonth = 730;

    private readonly Dictionary<Candidate, CandidateEvidence> evidence = [];

    public ReportMaterial(ReportInput input)
    {
        Input = input;
        Trials = [.. input.Trials.OrderBy(trial => trial.Number)];
        ByCandidate = Trials.Where(trial => trial.Purpose is not TrialPurpose.Envelope).ToLookup(trial => trial.Candidate);
        Mask = SecretMask.Of(input.Sweep);
        OfferedRate = input.Sweep.Load.MeanRate;
        foreach (var item in input.Evidence)
        {
            evidence[item.Candidate] = item;
        }

        // The answer's own evidence wins: it may rest on the verification trials alone.
        foreach (var item in EvidenceOf(input.Recommendation))
        {
            evidence[item.Candidate] = item;
        }

        Metric = LatencyMetric(input);
    }

    public ReportInput Input { get; }

    public Sweep Sweep => Input.Sweep;

    public string Currency => Sweep.Cost.Currency;

    public ImmutableArray<Trial> Trials { get; }

    public ILookup<Candidate, Trial> ByCandidate { get; }

    public SecretMask Mask { get; }

    /// <summary>Requests per second, the mean of the phases by their durations; null in the closed model.</summary>
    public double? OfferedRate { get; }

    /// <summary>The latency that plots and "fastest" go by.</summary>
    public LatencyMetricRow Metric { get; }

    /// <summary>What each trial measures of the objective; null where the price tells it.</summary>
    public MinimizedRow? Minimized => MinimizedRow.Of(Sweep);

    /// <summary>By which a candidate is cheaper or dearer than others; null where it was not measured.</summary>
    public double? CostOf(CandidateRow row) => Minimized is null ? (double)row.CostPerHour : row.Objective;

    /// <summary>That cost in words.</summary>
    public string Cost(CandidateRow row) => MinimizedRow.Cost(Minimized, Currency, row.CostPerHour, row.Objective);

    public Candidate? Winner => Input.Recommendation is Recommendation.Use use ? use.Winner.Candidate : null;

    /// <summary>How many replicas a candidate runs as: those that its price counts.</summary>
    public int Replicas(Candidate candidate)
    {
        var count = Sweep.Target switch
        {
            Target.Process process => process.Replicas,
            Target.Argo argo => argo.Replicas,
            _ => null,
        };
        return int.TryParse(count?.Render(name => Sweep.Space.Lookup(candidate, name)?.Text ?? ""), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas)
            ? Math.Max(1, replicas)
            : 1;
    }

    public CandidateEvidence? EvidenceFor(Candidate candidate) => evidence.GetValueOrDefault(candidate);

    /// <summary>What the candidate's numbers are made of: the measurements that its verdict rests on, so that both say the same.</summary>
    public IEnumerable<MeasurementSummary> Valid(Candidate candidate) => EvidenceFor(candidate) is { Fresh: true }
        ? Measured(ByCandidate[candidate].Where(trial => trial.Purpose is TrialPurpose.Verification))
        : Repeats(candidate);

    /// <summary>All measurements of the candidate at the sweep's load, whatever they were taken for.</summary>
    public IEnumerable<MeasurementSummary> Repeats(Candidate candidate) => Measured(ByCandidate[candidate]);

    public IEnumerable<MeasurementSummary> AllValid() => Measured(Trials.Where(trial => trial.Purpose is not TrialPurpose.Envelope));

    private static IEnumerable<MeasurementSummary> Measured(IEnumerable<Trial> trials) =>
        trials.Select(trial => trial.State).OfType<TrialState.Measured>().Select(state => MeasurementSummary.Of(state.Measurement));

    private static IEnumerable<CandidateEvidence> EvidenceOf(Recommendation? recommendation) => (recommendation switch
    {
        Recommendation.Use use => new[] { use.CheaperUndecided, use.Winner },
        Recommendation.NothingFeasible nothing => [nothing.Nearest],
        Recommendation.Inconclusive open => [open.Closest],
        _ => [],
    }).OfType<CandidateEvidence>();

    private static LatencyMetricRow LatencyMetric(ReportInput input)
    {
        var binding = input.Recommendation switch
        {
            Recommendation.Use use => use.Binding.Slo,
            Recommendation.NothingFeasible nothing => nothing.Binding,
            _ => null,
        };
        var slo = binding is { Metric: QuantileMetric { Series: Measurement.LatencySeries } }
            ? binding
            : input.Sweep.Slos.FirstOrDefault(slo => slo.Metric is QuantileMetric { Series: Measurement.LatencySeries });
        return slo?.Metric is QuantileMetric metric ? Row(slo, metric) : new LatencyMetricRow("p99 latency", 0.99, null, null, null);
    }

    public static LatencyMetricRow Row(Slo slo, QuantileMetric metric) =>
        new($"p{metric.Quantile * 100:0.###} latency{(slo.Phase is { } phase ? $" in {phase}" : "")}", metric.Quantile, slo.Phase, slo.Limit, slo.Text);
}
