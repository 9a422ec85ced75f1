using System.Collections.Immutable;

namespace Tuner.Search.Baselines;

/// <summary>
/// The Sobol sequence in Gray-code order (Antonov and Saleev 1979) with the direction numbers of Joe and Kuo (SIAM J. Sci.
/// Comput. 30, 2008, set D6) for the first 40 dimensions. Dimensions beyond those are plain pseudo-random.
/// </summary>
internal static class SobolSequence
{
    private const int Bits = 30;

    /// <summary>Primitive polynomial with all its bits, and the initial direction numbers, for dimensions 2 to 40.</summary>
    private static readonly ImmutableArray<(uint Polynomial, uint[] Initial)> JoeKuo =
    [
        (3, [1]),
        (7, [1, 3]),
        (11, [1, 3, 1]),
        (13, [1, 1, 1]),
        (19, [1, 1, 3, 3]),
        (25, [1, 3, 5, 13]),
        (37, [1, 1, 5, 5, 17]),
        (41, [1, 1, 5, 5, 5]),
        (47, [1, 1, 7, 11, 19]),
        (55, [1, 1, 5, 1, 1]),
        (59, [1, 1, 1, 3, 11]),
        (61, [1, 3, 5, 5, 31]),
        (67, [1, 3, 3, 9, 7, 49]),
        (91, [1, 1, 1, 15, 21, 21]),
        (97, [1, 3, 1, 13, 27, 49]),
        (103, [1, 1, 1, 15, 7, 5]),
        (109, [1, 3, 1, 15, 13, 25]),
        (115, [1, 1, 5, 5, 19, 61]),
        (131, [1, 3, 7, 11, 23, 15, 103]),
        (137, [1, 3, 7, 13, 13, 15, 69]),
        (143, [1, 1, 3, 13, 7, 35, 63]),
        (145, [1, 3, 5, 9, 1, 25, 53]),
        (157, [1, 3, 1, 13, 9, 35, 107]),
        (167, [1, 3, 1, 5, 27, 61, 31]),
        (171, [1, 1, 5, 11, 19, 41, 61]),
        (185, [1, 3, 5, 3, 3, 13, 69]),
        (191, [1, 1, 7, 13, 1, 19, 1]),
        (193, [1, 3, 7, 5, 13, 19, 59]),
        (203, [1, 1, 3, 9, 25, 29, 41]),
        (211, [1, 3, 5, 13, 23, 1, 55]),
        (213, [1, 3, 7, 3, 13, 59, 17]),
        (229, [1, 3, 1, 3, 5, 53, 69]),
        (239, [1, 1, 5, 5, 23, 33, 13]),
        (241, [1, 1, 7, 7, 1, 61, 123]),
        (247, [1, 1, 7, 9, 13, 61, 49]),
        (253, [1, 3, 3, 5, 3, 55, 33]),
        (285, [1, 3, 1, 15, 31, 13, 49, 245]),
        (299, [1, 3, 5, 15, 31, 59, 63, 97]),
        (301, [1, 3, 1, 11, 11, 11, 77, 249]),
    ];

    /// <summary>Points of the unit cube, without end (after 2^30 points they recur). The first is the origin.</summary>
    public static IEnumerable<double[]> Points(int dimensions) => Shifted(dimensions, seed: null);

    /// <summary>The same points, each coordinate moved by one random digital shift (XOR), which keeps their evenness.</summary>
    public static IEnumerable<double[]> Shifted(int dimensions, int? seed)
    {
        var random = new Random(seed ?? 0);
        var directions = Enumerable.Range(0, Math.Min(dimensions, JoeKuo.Length + 1)).Select(Directions).ToArray();
        var state = new uint[directions.Length];
        if (seed is not null)
        {
            for (var index = 0; index < state.Length; index++)
            {
                state[index] = (uint)random.Next(1 << Bits);
            }
        }

        for (uint number = 0; ; number++)
        {
            var point = new double[dimensions];
            for (var index = 0; index < dimensions; index++)
            {
                point[index] = index < state.Length ? state[index] / (double)(1 << Bits) : random.NextDouble();
            }

            yield return point;
            var flipped = System.Numerics.BitOperations.TrailingZeroCount(~number) % Bits;
            for (var index = 0; index < state.Length; index++)
            {
                state[index] ^= directions[index][flipped];
            }
        }
    }

    private static uint[] Directions(int dimension)
    {
        var v = new uint[Bits];
        if (dimension == 0)
        {
            for (var bit = 0; bit < Bits; bit++)
            {
                v[bit] = 1u << (Bits - 1 - bit);
            }

            return v;
        }

        var (polynomial, initial) = JoeKuo[dimension - 1];
        var degree = initial.Length;
        for (var bit = 0; bit < Bits; bit++)
        {
            v[bit] = bit < degree ? initial[bit] << (Bits - 1 - bit) : Recur(v, bit, polynomial, degree);
        }

        return v;
    }

    /// <summary>v_i = a_1 v_(i-1) ^ ... ^ a_(s-1) v_(i-s+1) ^ v_(i-s) ^ (v_(i-s) >> s), equation (2) of the paper.</summary>
    private static uint Recur(uint[] v, int bit, uint polynomial, int degree)
    {
        var value = v[bit - degree] ^ (v[bit - degree] >> degree);
        for (var k = 1; k < degree; k++)
        {
            if (((polynomial >> (degree - k)) & 1) == 1)
            {
                value ^= v[bit - k];
            }
        }

        return value;
    }
}
