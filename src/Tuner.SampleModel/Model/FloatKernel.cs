using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tuner.SampleModel.Model;

/// <summary>
/// Matrix product of 32-bit floats, c = a · bᵀ, both factors stored by row. Each sum runs in the same order whatever the
/// number of rows, and with fused multiply-add on every machine: equal inputs give equal bits, alone or in a batch.
/// </summary>
internal static class FloatKernel
{
    private const int Lanes = 8;

    /// <summary>
    /// Computes c[r, j] for every row r of <paramref name="a"/> and j from <paramref name="from"/> up to <paramref name="to"/>.
    /// A block of three rows of <paramref name="b"/> is used for all rows of a while it is in the first-level cache:
    /// this is what makes a batch cheaper than as many single images.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(Matrix<float> a, Matrix<float> b, Matrix<float> c, int from, int to)
    {
        a.CheckProduct(b, Lanes, to);
        var k = (nuint)a.Width;
        var j = from;
        for (; j + 3 <= to; j += 3)
        {
            ref var block = ref b.Start(j);
            var i = 0;
            for (; i + 4 <= a.Rows; i += 4)
            {
                FourByThree(ref a.Start(i), (nuint)a.Stride, ref block, (nuint)b.Stride, k, c, i, j);
            }

            for (; i < a.Rows; i++)
            {
                OneByThree(ref a.Start(i), ref block, (nuint)b.Stride, k, c.Row(i).Slice(j, 3));
            }
        }

        for (; j < to; j++)
        {
            for (var i = 0; i < a.Rows; i++)
            {
                c.Row(i)[j] = Dot(ref a.Start(i), ref b.Start(j), k);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByThree(ref float x, nuint xStride, ref float w, nuint wStride, nuint k, Matrix<float> c, int row, int column)
    {
        Vector256<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector256<float> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        for (nuint i = 0; i < k; i += Lanes)
        {
            var w0 = Vector256.LoadUnsafe(ref w, i);
            var w1 = Vector256.LoadUnsafe(ref w, i + wStride);
            var w2 = Vector256.LoadUnsafe(ref w, i + (2 * wStride));
            var v = Vector256.LoadUnsafe(ref x, i);
            s00 = Vector256.FusedMultiplyAdd(v, w0, s00);
            s01 = Vector256.FusedMultiplyAdd(v, w1, s01);
            s02 = Vector256.FusedMultiplyAdd(v, w2, s02);
            v = Vector256.LoadUnsafe(ref x, i + xStride);
            s10 = Vector256.FusedMultiplyAdd(v, w0, s10);
            s11 = Vector256.FusedMultiplyAdd(v, w1, s11);
            s12 = Vector256.FusedMultiplyAdd(v, w2, s12);
            v = Vector256.LoadUnsafe(ref x, i + (2 * xStride));
            s20 = Vector256.FusedMultiplyAdd(v, w0, s20);
            s21 = Vector256.FusedMultiplyAdd(v, w1, s21);
            s22 = Vector256.FusedMultiplyAdd(v, w2, s22);
            v = Vector256.LoadUnsafe(ref x, i + (3 * xStride));
            s30 = Vector256.FusedMultiplyAdd(v, w0, s30);
            s31 = Vector256.FusedMultiplyAdd(v, w1, s31);
            s32 = Vector256.FusedMultiplyAdd(v, w2, s32);
        }

        Store(c.Row(row).Slice(column, 3), s00, s01, s02);
        Store(c.Row(row + 1).Slice(column, 3), s10, s11, s12);
        Store(c.Row(row + 2).Slice(column, 3), s20, s21, s22);
        Store(c.Row(row + 3).Slice(column, 3), s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByThree(ref float x, ref float w, nuint wStride, nuint k, Span<float> sums)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default;
        for (nuint i = 0; i < k; i += Lanes)
        {
            var v = Vector256.LoadUnsafe(ref x, i);
            s0 = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref w, i), s0);
            s1 = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref w, i + wStride), s1);
            s2 = Vector256.FusedMultiplyAdd(v, Vector256.LoadUnsafe(ref w, i + (2 * wStride)), s2);
        }

        Store(sums, s0, s1, s2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(ref float x, ref float w, nuint k)
    {
        Vector256<float> sum = default;
        for (nuint i = 0; i < k; i += Lanes)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref w, i), sum);
        }

        return Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> sums, Vector256<float> s0, Vector256<float> s1, Vector256<float> s2)
    {
        sums[2] = Sum(s2);
        sums[1] = Sum(s1);
        sums[0] = Sum(s0);
    }

    /// <summary>The eight lanes added in a fixed order; the order of Vector256.Sum is the runtime's to choose.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector256<float> v)
    {
        var four = v.GetLower() + v.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two[0] + two[1];
    }
}
