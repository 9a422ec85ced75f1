using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Tests.Model;

public sealed class ElementwiseTests
{
    [Fact]
    public void Tanh_is_within_3e_7_of_the_double_precision_one()
    {
        var values = Enumerable.Range(-2000, 4000).Select(i => i / 100f).ToArray();
        var bias = new float[values.Length];
        Array.Fill(bias, 0.125f);
        var exact = values.Select(v => Math.Tanh(v + 0.125f)).ToArray();

        Elementwise.TanhOfSum(values, bias);

        Assert.All(values.Zip(exact), pair => Assert.Equal(pair.Second, pair.First, 3e-7));
    }

    [Fact]
    public void Softmax_of_far_apart_logits_is_finite_and_sums_to_one()
    {
        float[] logits = [1000f, -1000f, 999f, 0f];

        Elementwise.Softmax(logits);

        Assert.All(logits, p => Assert.InRange(p, 0f, 1f));
        Assert.Equal(1f, logits.Sum(), 1e-6f);
        Assert.Equal(1 / (1 + Math.Exp(-1)), logits[0], 1e-6);
    }

    [Theory]
    [InlineData(1f, 127)]
    [InlineData(-1f, -127)]
    [InlineData(0f, 0)]
    [InlineData(0.5f, 64)]
    [InlineData(-0.1f, -13)]
    public void Quantize_rounds_to_the_nearest(float value, short expected)
    {
        var values = new float[8];
        var target = new short[8];
        Array.Fill(values, value);

        Elementwise.Quantize(values, target, 127f);

        Assert.All(target, t => Assert.Equal(expected, t));
    }
}
