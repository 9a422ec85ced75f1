namespace Tuner.Core.Measurements;

/// <summary>
/// Takes whole things out of a pool of many sorts, in proportion and without chance: systematic sampling, whose starting
/// points are spread by the golden ratio so that no draw favours a sort. What is drawn in all is what was in the pool.
/// </summary>
internal sealed class Allotment(long[] pool)
{
    private const double GoldenRatio = 0.6180339887498949;
    private long left = pool.Sum();
    private double start;

    /// <summary>Takes so many; fewer where the pool holds fewer.</summary>
    /// <param name="drawn">So many of each sort; overwritten.</param>
    public void Draw(long amount, Span<long> drawn)
    {
        amount = Math.Min(amount, left);
        if (amount <= 0)
        {
            drawn.Clear();
            return;
        }

        start = (start + GoldenRatio) % 1;
        var offset = Math.Min((long)(start * left), left - 1);
        long passed = 0, before = 0;
        for (var sort = 0; sort < pool.Length; sort++)
        {
            passed += pool[sort];
            var after = Scaled(amount, passed, offset);
            drawn[sort] = after - before;
            pool[sort] -= drawn[sort];
            before = after;
        }

        left -= amount;
    }

    // Within a word as long as the pool holds no more than four billions; 128 bits divide slowly.
    private long Scaled(long amount, long passed, long offset) => left <= uint.MaxValue
        ? (long)((((ulong)amount * (ulong)passed) + (ulong)offset) / (ulong)left)
        : (long)((((Int128)amount * passed) + offset) / left);
}
