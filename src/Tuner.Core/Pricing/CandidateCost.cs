using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Pricing;

/// <summary>What candidates and trials cost; exact, since prices are known.</summary>
public static class CandidateCost
{
    /// <summary>The price of running the candidate, in the sweep's currency per hour.</summary>
    public static decimal PerHour(CostModel cost, SearchSpace space, Candidate candidate) =>
        PerHour(cost, name => space.Lookup(candidate, name), space.InstanceOf(candidate));

    /// <summary>The same for values that are no candidate yet.</summary>
    internal static decimal PerHour(CostModel cost, Func<string, ParameterValue?> lookup, InstanceType? instance) => cost switch
    {
        CostModel.ByInstance model => (decimal)model.Instances.Number(lookup)
            * (instance ?? throw new InvalidOperationException("The candidate names no instance type of the price book.")).PricePerHour,
        CostModel.ByResource model => ((decimal)model.Vcpus.Number(lookup) * model.PricePerVcpuHour)
            + ((decimal)model.MemoryGib.Number(lookup) * model.PricePerGibHour),
        _ => throw new InvalidOperationException($"Unknown cost model {cost.GetType().Name}."),
    };

    public static decimal PerHour(this Sweep sweep, Candidate candidate) => PerHour(sweep.Cost, sweep.Space, candidate);

    /// <summary>The price of a million requests at a rate per second that the candidate is offered all the time.</summary>
    public static decimal PerMillionRequests(decimal perHour, double ratePerSecond) => perHour / 3600m / (decimal)ratePerSecond * 1_000_000m;

    /// <summary>What it cost to have the candidate deployed for so long.</summary>
    public static decimal Spent(decimal perHour, TimeSpan deployed) => perHour * (decimal)deployed.TotalHours;
}
