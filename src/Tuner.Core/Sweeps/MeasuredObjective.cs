using Tuner.Core.Measurements;
using Tuner.Core.Pricing;
using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>
/// What is minimized where no price list tells it: the cost of a million requests where the answers decide how many there
/// are (a closed model, a batch), or a number that the target reports.
/// </summary>
public static class MeasuredObjective
{
    public static ObjectiveBasis ObjectiveBasis(this Sweep sweep) => sweep.Objective switch
    {
        Objective.CostPerMillionRequests when !sweep.Load.IsOpenModel => Search.ObjectiveBasis.MeasuredPerPrice,
        Objective.ReportedMetric => Search.ObjectiveBasis.Measured,
        _ => Search.ObjectiveBasis.Known,
    };

    /// <summary>Its mean over a candidate's measurements, in the currency or in the unit of the reported number; null where it is known, or was not measured.</summary>
    public static double? Of(Sweep sweep, Candidate candidate, IReadOnlyList<Measurement> measurements)
    {
        var values = measurements.Select(measurement => Of(sweep, candidate, measurement)).OfType<double>().Where(double.IsFinite).ToList();
        return values.Count > 0 ? values.Average() : null;
    }

    /// <summary>What is minimized, and whether it is known, for a reader.</summary>
    public static string Words(Sweep sweep) => (sweep.Objective, sweep.ObjectiveBasis()) switch
    {
        (Objective.ReportedMetric, _) => $"{sweep.Minimized} as the target reports it, measured by each trial",
        (Objective.CostPerMillionRequests, Search.ObjectiveBasis.Known) => "cost per million requests at the offered rate, known before a trial",
        (Objective.CostPerMillionRequests, _) => "cost per million requests at the measured throughput",
        _ => "cost per hour, known before a trial",
    };

    private static double? Of(Sweep sweep, Candidate candidate, Measurement measurement) => sweep.ObjectiveBasis() switch
    {
        Search.ObjectiveBasis.MeasuredPerPrice => Throughput(measurement) is > 0 and var rate ? (double)CandidateCost.PerMillionRequests(sweep.PerHour(candidate), rate) : null,
        Search.ObjectiveBasis.Measured when sweep.Minimized is { } name && measurement.Reported?.TryGetValue(name, out var value) is true => value,
        _ => null,
    };

    /// <summary>Successful answers per second over all phases: a batch's is its requests over its total time.</summary>
    private static double Throughput(Measurement measurement)
    {
        var seconds = measurement.Phases.Sum(phase => phase.Duration.TotalSeconds);
        return seconds > 0 ? measurement.Phases.Sum(phase => phase.Succeeded) / seconds : 0;
    }
}
