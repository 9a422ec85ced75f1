using Tuner.Core.Expressions;

namespace Tuner.Core.Pricing;

/// <summary>How a candidate's price per hour is known before it runs.</summary>
public abstract record CostModel(string Currency)
{
    /// <summary>So many instances (an expression over the parameters) times the price of the candidate's instance type.</summary>
    public sealed record ByInstance(string Currency, Expression Instances) : CostModel(Currency);

    /// <summary>Requested resources (expressions: vCPU and GiB of memory) at unit prices per hour.</summary>
    public sealed record ByResource(string Currency, Expression Vcpus, decimal PricePerVcpuHour, Expression MemoryGib, decimal PricePerGibHour) : CostModel(Currency);
}
