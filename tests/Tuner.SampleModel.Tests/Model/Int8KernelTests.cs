using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Tests.Model;

public sealed class Int8KernelTests
{
    [Theory]
    [InlineData(1, 3, 16)]
    [InlineData(4, 3, 32)]
    [InlineData(7, 11, 800)]
    public void Sums_are_exact_and_scaled_by_row(int rows, int columns, int width)
    {
        var random = new Random(3);
        var a = Chance.Shorts(random, rows, width);
        var b = Chance.Bytes(random, columns, width);
        var scale = Chance.Floats(random, 1, columns).Values;
        var c = Matrix<float>.Create(rows, columns);

        Int8Kernel.Multiply(a, b, scale, c, 0, columns);

        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var exact = 0;
                for (var k = 0; k < width; k++)
                {
                    exact += a.Row(i)[k] * b.Row(j)[k];
                }

                Assert.Equal(exact * scale[j], c.Row(i)[j]);
            }
        }
    }

    [Fact]
    public void Holds_the_largest_sum_that_the_network_can_make()
    {
        var a = Matrix<short>.Create(1, NetworkShape.StepWidth);
        var b = Matrix<sbyte>.Create(1, NetworkShape.StepWidth);
        a.Values.AsSpan().Fill(127);
        b.Values.AsSpan().Fill(-127);
        var c = Matrix<float>.Create(1, 1);

        Int8Kernel.Multiply(a, b, [1f], c, 0, 1);

        Assert.Equal(-127f * 127f * NetworkShape.StepWidth, c.Values[0]);
    }

    [Fact]
    public void A_quantized_weight_is_within_half_a_unit_of_the_weight()
    {
        var weights = Chance.Floats(new Random(4), 5, 64);

        var quantized = QuantizedMatrix.From(weights);

        for (var i = 0; i < weights.Rows; i++)
        {
            var unit = quantized.Scale[i] * QuantizedMatrix.One;
            for (var j = 0; j < weights.Width; j++)
            {
                Assert.InRange(Math.Abs((quantized.Values.Row(i)[j] * unit) - weights.Row(i)[j]), 0, unit * 0.5001f);
            }
        }
    }
}
