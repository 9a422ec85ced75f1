namespace Tuner.Core.Search;

/// <summary>What is known of the objective before a trial.</summary>
public enum ObjectiveBasis
{
    /// <summary>All of it: the price per hour, or what follows from it alone.</summary>
    Known,

    /// <summary>The price, which is a factor of it; the other one, such as the throughput at capacity, is measured.</summary>
    MeasuredPerPrice,

    /// <summary>Nothing: a number that the target reports.</summary>
    Measured,
}
