namespace Tuner.Load.Pacing;

/// <summary>
/// Chance as a pure function of a seed and a counter (SplitMix64, Steele et al. 2014), so that any thread can draw the
/// numbers of any request without having drawn those before it.
/// </summary>
internal static class CounterRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>Uniform in (0, 1).</summary>
    public static double Uniform(ulong seed, long counter) => ((Bits(seed, counter) >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Exponential with mean 1.</summary>
    public static double Exponential(ulong seed, long counter) => -Math.Log(Uniform(seed, counter));

    private static ulong Bits(ulong seed, long counter)
    {
        var state = Mix(seed + Gamma) + (((ulong)counter + 1) * Gamma);
        return Mix(state);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
