using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tuner.SampleModel.Model;

/// <summary>
/// exp, tanh and softmax from additions, multiplications and divisions only: the same bits on every machine,
/// which the C library's functions do not promise, and which retraining to the shipped weights needs.
/// </summary>
internal static class Elementwise
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>values = tanh(values + bias), within 3e-7; the length is a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TanhOfSum(Span<float> values, ReadOnlySpan<float> bias)
    {
        ref var v = ref MemoryMarshal.GetReference(values);
        ref var b = ref MemoryMarshal.GetReference(bias[..values.Length]);
        for (nuint i = 0; i + 8 <= (nuint)values.Length; i += 8)
        {
            Tanh(Vector256.LoadUnsafe(ref v, i) + Vector256.LoadUnsafe(ref b, i)).StoreUnsafe(ref v, i);
        }
    }

    /// <summary>Rounds values from -1 to 1 to multiples of 1/<paramref name="one"/>; the length is a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(ReadOnlySpan<float> values, Span<short> target, float one)
    {
        ref var v = ref MemoryMarshal.GetReference(values);
        ref var t = ref MemoryMarshal.GetReference(target[..values.Length]);
        for (nuint i = 0; i + 8 <= (nuint)values.Length; i += 8)
        {
            var scaled = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref v, i), Vector256.Create(one), Vector256.Create(0.5f));
            var integers = Vector256.ConvertToInt32(Vector256.Floor(scaled));
            Vector128.Narrow(integers.GetLower(), integers.GetUpper()).StoreUnsafe(ref t, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Tanh(Vector256<float> x)
    {
        // Beyond nine, tanh is one to the last bit of a float.
        var clamped = Vector256.Min(Vector256.Max(x, Vector256.Create(-9f)), Vector256.Create(9f));
        var one = Vector256<float>.One;
        return one - (Vector256.Create(2f) / (Exp(clamped + clamped) + one));
    }

    /// <summary>Turns logits into probabilities that sum to one.</summary>
    public static void Softmax(Span<float> logits)
    {
        var top = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            top = Math.Max(top, logit);
        }

        var sum = 0f;
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = Exp(Vector256.Create(Math.Max(logits[i] - top, -80f)))[0];
            sum += logits[i];
        }

        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] /= sum;
        }
    }

    /// <summary>e^x for |x| up to 80: x = n ln 2 + r, e^r by its Taylor polynomial of degree six (|r| is at most ln 2 / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Exp(Vector256<float> x)
    {
        var n = Vector256.Floor(Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), Vector256.Create(0.5f)));
        var r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2High), x);
        r = Vector256.FusedMultiplyAdd(n, Vector256.Create(-Ln2Low), r);
        var p = Vector256.Create(1f / 720f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f / 120f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f / 24f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1f / 6f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.5f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256<float>.One);
        var power = (Vector256.ConvertToInt32(n) + Vector256.Create(127)) << 23;
        return p * power.AsSingle();
    }
}
