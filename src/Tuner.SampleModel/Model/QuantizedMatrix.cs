namespace Tuner.SampleModel.Model;

/// <summary>Weights as 8-bit integers: a weight is its integer times the scale of its row, symmetric about zero.</summary>
internal sealed record QuantizedMatrix(Matrix<sbyte> Values, float[] Scale)
{
    /// <summary>The integer that stands for one.</summary>
    public const float One = 127f;

    /// <summary>Rounds to the nearest; <see cref="Scale"/> already includes that inputs are in units of 1/127.</summary>
    public static QuantizedMatrix From(Matrix<float> weights)
    {
        var values = Matrix<sbyte>.Create(weights.Rows, weights.Width);
        var scale = new float[weights.Rows];
        for (var i = 0; i < weights.Rows; i++)
        {
            var row = weights.Row(i);
            var target = values.Row(i);
            var largest = 0f;
            foreach (var weight in row)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            var perUnit = largest > 0f ? One / largest : 0f;
            for (var j = 0; j < row.Length; j++)
            {
                target[j] = (sbyte)MathF.Round(row[j] * perUnit);
            }

            scale[i] = largest / (One * One);
        }

        return new QuantizedMatrix(values, scale);
    }
}
