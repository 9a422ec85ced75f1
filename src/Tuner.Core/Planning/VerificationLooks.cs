using Tuner.Core.Sweeps;

namespace Tuner.Core.Planning;

/// <summary>
/// When the fresh trials of a finalist are judged: after each one up to the number that was asked for, then at twice, four
/// times and seven times that number. Every look is paid for by a wider interval, and one right after another says little new.
/// </summary>
public static class VerificationLooks
{
    /// <summary>Multiples of the number that was asked for.</summary>
    private static readonly int[] Multiples = [1, 2, 4, 7];

    /// <summary>Fresh measurements of one finalist at the most.</summary>
    public static int Most(Sweep sweep) => Multiples[^1] * sweep.Verification.Repeats;

    /// <summary>So many looks are planned; one where nothing is verified.</summary>
    public static int Count(Sweep sweep) => sweep.Verification.Repeats == 0 ? 1 : sweep.Verification.Repeats - 1 + Multiples.Length;

    /// <summary>Of so many fresh measurements, those that were there at the last planned look.</summary>
    public static int SeenOf(Sweep sweep, int measurements)
    {
        var repeats = sweep.Verification.Repeats;
        return measurements <= repeats || repeats == 0 ? measurements : repeats * Multiples.Last(multiple => multiple * repeats <= measurements);
    }

    /// <summary>The looks that are left after so many measurements, as numbers of measurements.</summary>
    public static IEnumerable<int> After(Sweep sweep, int measurements) =>
        Multiples.Select(multiple => multiple * sweep.Verification.Repeats).Where(look => look > measurements);
}
