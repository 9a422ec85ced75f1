using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Tests;

/// <summary>Matrices of seeded numbers from -1 to 1, or of any bytes.</summary>
internal static class Chance
{
    public static Matrix<float> Floats(Random random, int rows, int width)
    {
        var matrix = Matrix<float>.Create(rows, width);
        foreach (ref var value in matrix.Values.AsSpan())
        {
            value = (2f * random.NextSingle()) - 1f;
        }

        return matrix;
    }

    public static Matrix<short> Shorts(Random random, int rows, int width)
    {
        var matrix = Matrix<short>.Create(rows, width);
        foreach (ref var value in matrix.Values.AsSpan())
        {
            value = (short)random.Next(-127, 128);
        }

        return matrix;
    }

    public static Matrix<sbyte> Bytes(Random random, int rows, int width)
    {
        var matrix = Matrix<sbyte>.Create(rows, width);
        foreach (ref var value in matrix.Values.AsSpan())
        {
            value = (sbyte)random.Next(-127, 128);
        }

        return matrix;
    }
}
