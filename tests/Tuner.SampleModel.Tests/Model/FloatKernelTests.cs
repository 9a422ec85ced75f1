using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Tests.Model;

public sealed class FloatKernelTests
{
    [Theory]
    [InlineData(1, 3, 8)]
    [InlineData(4, 3, 16)]
    [InlineData(7, 11, 64)]
    [InlineData(9, 24, 800)]
    public void Agrees_with_sums_in_double_precision(int rows, int columns, int width)
    {
        var random = new Random(1);
        var a = Chance.Floats(random, rows, width);
        var b = Chance.Floats(random, columns, width);
        var c = Matrix<float>.Create(rows, columns);

        FloatKernel.Multiply(a, b, c, 0, columns);

        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var exact = 0.0;
                for (var k = 0; k < width; k++)
                {
                    exact += (double)a.Row(i)[k] * b.Row(j)[k];
                }

                Assert.Equal(exact, c.Row(i)[j], 1e-4);
            }
        }
    }

    [Fact]
    public void A_row_gives_the_same_bits_alone_and_among_others()
    {
        var random = new Random(2);
        var a = Chance.Floats(random, 6, 800);
        var b = Chance.Floats(random, 11, 800);
        var together = Matrix<float>.Create(6, 11);
        var alone = Matrix<float>.Create(1, 11);
        FloatKernel.Multiply(a, b, together, 0, 11);

        for (var row = 0; row < 6; row++)
        {
            FloatKernel.Multiply(a.TakeRows(row, 1), b, alone, 0, 11);
            Assert.Equal(together.Row(row).ToArray(), alone.Row(0).ToArray());
        }
    }

    [Fact]
    public void Refuses_widths_that_are_not_whole_vectors()
    {
        var odd = Matrix<float>.Create(2, 12);

        var error = Assert.Throws<ArgumentException>(() => FloatKernel.Multiply(odd, odd, odd, 0, 2));

        Assert.Contains("a multiple of 8", error.Message, StringComparison.Ordinal);
    }
}
