using System.Numerics;
using System.Runtime.InteropServices;

namespace Tuner.Search.Bayesian;

/// <summary>The two inner loops that nearly all time is spent in, by the width of the processor's vectors.</summary>
internal static class Spans
{
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sum = Vector<float>.Zero;
        for (var index = 0; index < left.Length; index++)
        {
            sum += left[index] * right[index];
        }

        var total = Vector.Sum(sum);
        for (var index = left.Length * Vector<float>.Count; index < a.Length; index++)
        {
            total += a[index] * b[index];
        }

        return total;
    }

    /// <summary>target += scale x values.</summary>
    public static void AddScaled(ReadOnlySpan<float> values, float scale, Span<float> target)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(values);
        var to = MemoryMarshal.Cast<float, Vector<float>>(target);
        var factor = new Vector<float>(scale);
        for (var index = 0; index < from.Length; index++)
        {
            to[index] += from[index] * factor;
        }

        for (var index = from.Length * Vector<float>.Count; index < values.Length; index++)
        {
            target[index] += values[index] * scale;
        }
    }

    /// <summary>target = max(target, values).</summary>
    public static void Max(ReadOnlySpan<float> values, Span<float> target)
    {
        for (var index = 0; index < values.Length; index++)
        {
            target[index] = MathF.Max(target[index], values[index]);
        }
    }
}
