using System.Collections.Immutable;

namespace Tuner.Load.Capacity;

/// <summary>One load at one rate: whether the SLOs held, and what to say about it.</summary>
public sealed record CapacityProbe(double RatePerSecond, bool Holds, string Detail);

/// <summary>The highest rate at which the SLOs held; null when they held at none that was tried.</summary>
/// <param name="FailsAt">The lowest rate above it at which they did not; null when none was found.</param>
/// <param name="Warning">Why the answer may not be one, such as a target that fails at a rate it has held before.</param>
public sealed record CapacityResult(double? RatePerSecond, double? FailsAt, ImmutableArray<CapacityProbe> Probes, string? Warning);

/// <summary>
/// Finds the highest rate that still meets SLOs: doubles or halves the rate until the answer changes, then bisects (on
/// the logarithm of the rate), and confirms the answer with one more probe where one is left.
/// </summary>
public sealed class CapacitySearch
{
    /// <summary>Loads that may be run.</summary>
    public int MaxProbes { get; init; } = 12;

    /// <summary>Ends when the answer is known within this share of itself.</summary>
    public double Precision { get; init; } = 0.04;

    /// <param name="start">The first rate to try, per second; positive.</param>
    /// <param name="probe">Puts the target under a rate and judges it.</param>
    public async Task<CapacityResult> FindAsync(double start, Func<double, CancellationToken, Task<CapacityProbe>> probe, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(start);
        var probes = ImmutableArray.CreateBuilder<CapacityProbe>();
        double? holds = null;
        double? fails = null;
        while (probes.Count < MaxProbes && NextRate(start, holds, fails) is { } rate)
        {
            var result = await probe(rate, cancellationToken);
            probes.Add(result);
            holds = result.Holds ? rate : holds;
            fails = result.Holds ? fails : rate;
        }

        if (holds is not { } found || probes.Count >= MaxProbes)
        {
            return new CapacityResult(holds, fails, probes.ToImmutable(), fails is null ? $"no limit was found within {MaxProbes} loads; start at a higher rate" : null);
        }

        var confirmation = await probe(found, cancellationToken);
        probes.Add(confirmation);
        return confirmation.Holds
            ? new CapacityResult(found, fails, probes.ToImmutable(), null)
            : new CapacityResult(
                Below(probes, found),
                found,
                probes.ToImmutable(),
                $"the target held {found:0.#}/s once and failed at it once: it is not monotone, or too noisy for loads of this length. The rate below it is reported");
    }

    private double? NextRate(double start, double? holds, double? fails) => (holds, fails) switch
    {
        (null, null) => start,
        ({ } low, null) => low * 2,
        (null, { } high) => high / 2,
        ({ } low, { } high) => high / low > 1 + Precision ? Math.Sqrt(low * high) : null,
    };

    private static double? Below(IEnumerable<CapacityProbe> probes, double rate) =>
        probes.Where(probe => probe.Holds && probe.RatePerSecond < rate).Select(probe => (double?)probe.RatePerSecond).Max();
}
