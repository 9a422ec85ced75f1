using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tuner.SampleModel.Model;

/// <summary>
/// Matrix product of 16-bit inputs (holding values of eight bits) and 8-bit weights, summed exactly in 32 bits and scaled
/// once at the end. Weights take a quarter of the memory traffic of floats, and a vector multiplies twice as many of them.
/// </summary>
internal static class Int8Kernel
{
    private const int Lanes = 16;

    /// <summary>Computes c[r, j] = scale[j] · Σ a[r, k] b[j, k] for every row r of <paramref name="a"/> and j from <paramref name="from"/> up to <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Matrix<short> a, Matrix<sbyte> b, float[] scale, Matrix<float> c, int from, int to)
    {
        a.CheckProduct(b, Lanes, to);
        var k = (nuint)a.Width;
        var j = from;
        for (; j + 3 <= to; j += 3)
        {
            ref var block = ref b.Start(j);
            var scales = scale.AsSpan(j, 3);
            var i = 0;
            for (; i + 4 <= a.Rows; i += 4)
            {
                FourByThree(ref a.Start(i), (nuint)a.Stride, ref block, (nuint)b.Stride, k, scales, c, i, j);
            }

            for (; i < a.Rows; i++)
            {
                OneByThree(ref a.Start(i), ref block, (nuint)b.Stride, k, scales, c.Row(i).Slice(j, 3));
            }
        }

        for (; j < to; j++)
        {
            for (var i = 0; i < a.Rows; i++)
            {
                c.Row(i)[j] = scale[j] * Dot(ref a.Start(i), ref b.Start(j), k);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByThree(
        ref short x, nuint xStride, ref sbyte w, nuint wStride, nuint k, ReadOnlySpan<float> scales, Matrix<float> c, int row, int column)
    {
        Vector256<int> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector256<int> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        for (nuint i = 0; i < k; i += Lanes)
        {
            var w0 = Load(ref w, i);
            var w1 = Load(ref w, i + wStride);
            var w2 = Load(ref w, i + (2 * wStride));
            var v = Vector256.LoadUnsafe(ref x, i);
            s00 += PairSums(v, w0);
            s01 += PairSums(v, w1);
            s02 += PairSums(v, w2);
            v = Vector256.LoadUnsafe(ref x, i + xStride);
            s10 += PairSums(v, w0);
            s11 += PairSums(v, w1);
            s12 += PairSums(v, w2);
            v = Vector256.LoadUnsafe(ref x, i + (2 * xStride));
            s20 += PairSums(v, w0);
            s21 += PairSums(v, w1);
            s22 += PairSums(v, w2);
            v = Vector256.LoadUnsafe(ref x, i + (3 * xStride));
            s30 += PairSums(v, w0);
            s31 += PairSums(v, w1);
            s32 += PairSums(v, w2);
        }

        Store(c.Row(row).Slice(column, 3), scales, s00, s01, s02);
        Store(c.Row(row + 1).Slice(column, 3), scales, s10, s11, s12);
        Store(c.Row(row + 2).Slice(column, 3), scales, s20, s21, s22);
        Store(c.Row(row + 3).Slice(column, 3), scales, s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByThree(ref short x, ref sbyte w, nuint wStride, nuint k, ReadOnlySpan<float> scales, Span<float> sums)
    {
        Vector256<int> s0 = default, s1 = default, s2 = default;
        for (nuint i = 0; i < k; i += Lanes)
        {
            var v = Vector256.LoadUnsafe(ref x, i);
            s0 += PairSums(v, Load(ref w, i));
            s1 += PairSums(v, Load(ref w, i + wStride));
            s2 += PairSums(v, Load(ref w, i + (2 * wStride)));
        }

        Store(sums, scales, s0, s1, s2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Dot(ref short x, ref sbyte w, nuint k)
    {
        Vector256<int> sum = default;
        for (nuint i = 0; i < k; i += Lanes)
        {
            sum += PairSums(Vector256.LoadUnsafe(ref x, i), Load(ref w, i));
        }

        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> sums, ReadOnlySpan<float> scales, Vector256<int> s0, Vector256<int> s1, Vector256<int> s2)
    {
        sums[2] = Vector256.Sum(s2) * scales[2];
        sums[1] = Vector256.Sum(s1) * scales[1];
        sums[0] = Vector256.Sum(s0) * scales[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Load(ref sbyte w, nuint offset)
    {
        var bytes = Vector128.LoadUnsafe(ref w, offset);
        return Avx2.IsSupported
            ? Avx2.ConvertToVector256Int16(bytes)
            : Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
    }

    /// <summary>Eight sums of two products each. Which two differs by machine; the total, being exact, does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> PairSums(Vector256<short> x, Vector256<short> w)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MultiplyAddAdjacent(x, w);
        }

        return (Vector256.WidenLower(x) * Vector256.WidenLower(w)) + (Vector256.WidenUpper(x) * Vector256.WidenUpper(w));
    }
}
