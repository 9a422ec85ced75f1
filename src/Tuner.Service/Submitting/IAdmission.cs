using Tuner.Service.Definitions;

namespace Tuner.Service.Submitting;

/// <summary>Reads submissions as the operator allows them.</summary>
public interface IAdmission
{
    /// <summary>The sweep, or every reason why there is none: what is wrong with the definition, and what is not allowed.</summary>
    Task<SweepReading> ReadAsync(SubmittedSweep submitted, string project, ShippedPrices prices, CancellationToken cancellationToken);
}
