namespace Tuner.Testing.Simulation;

/// <summary>
/// Random numbers that are the same on every machine and version for a seed: xoshiro256** (Blackman and Vigna 2018),
/// seeded by SplitMix64. Not thread-safe.
/// </summary>
public sealed class Chance
{
    private const int TableSize = 4096;
    private static readonly double[] NormalTable = [.. Enumerable.Range(0, TableSize + 1).Select(index =>
        Core.Statistics.Distributions.NormalQuantile(Math.Clamp((double)index / TableSize, 0.25 / TableSize, 1 - (0.25 / TableSize))))];

    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    public Chance(ulong seed)
    {
        s0 = Split(ref seed);
        s1 = Split(ref seed);
        s2 = Split(ref seed);
        s3 = Split(ref seed);
    }

    /// <summary>A source of its own for a part of something: the same seed and parts give the same source.</summary>
    public static Chance For(int seed, params ReadOnlySpan<int> parts)
    {
        var mixed = (ulong)(uint)seed;
        var state = mixed;
        foreach (var part in parts)
        {
            state ^= Split(ref state) + (uint)part;
            mixed = Split(ref state);
        }

        return new Chance(mixed);
    }

    /// <summary>A stable hash of a text, to seed with (FNV-1a).</summary>
    public static int Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return (int)hash;
    }

    /// <summary>Between 0 (included) and 1 (excluded).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal, by a table of its quantiles inside and exactly in the tails.</summary>
    public double Normal()
    {
        var u = Math.Max(Uniform(), 1e-15);
        var place = u * TableSize;
        var index = (int)place;
        return index is < 8 or >= TableSize - 8
            ? Core.Statistics.Distributions.NormalQuantile(u)
            : NormalTable[index] + ((place - index) * (NormalTable[index + 1] - NormalTable[index]));
    }

    public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

    /// <summary>A Poisson count; beyond a mean of 30 by the rounded normal.</summary>
    public int Poisson(double mean)
    {
        if (mean > 30)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        }

        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = Uniform(); product > limit; product *= Uniform())
        {
            count++;
        }

        return count;
    }

    private static ulong Split(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private ulong Next()
    {
        var result = ulong.RotateLeft(s1 * 5, 7) * 9;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = ulong.RotateLeft(s3, 45);
        return result;
    }
}
