using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Tests.Model;

public sealed class DigitNetworkTests
{
    private static readonly NetworkWeights Weights = ShippedModel.ReadWeights();

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void Batch_and_threads_change_no_bit_of_an_answer(bool int8, int threads)
    {
        var data = ShippedModel.ReadData();
        var images = Rows(data, 100, 7);
        var weights = ModelWeights.Create(Weights, int8 ? Precision.Int8 : Precision.Fp32);
        using var one = new ThreadTeam(1, "one");
        using var team = new ThreadTeam(threads, "team");
        var alone = DigitNetwork.Create(weights, 1, one);
        var together = DigitNetwork.Create(weights, 16, team);
        var batch = Matrix<float>.Create(7, 10);
        var single = Matrix<float>.Create(1, 10);

        together.Classify(Rows(data, 0, 16), Matrix<float>.Create(16, 10));
        together.Classify(images, batch);

        for (var i = 0; i < 7; i++)
        {
            alone.Classify(images.TakeRows(i, 1), single);
            Assert.Equal(single.Row(0).ToArray(), batch.Row(i).ToArray());
        }
    }

    [Fact]
    public void Int8_probabilities_stay_near_those_of_fp32()
    {
        var data = ShippedModel.ReadData();
        using var team = new ThreadTeam(1, "one");
        var exact = Matrix<float>.Create(200, 10);
        var rounded = Matrix<float>.Create(200, 10);

        DigitNetwork.Create(ModelWeights.Create(Weights, Precision.Fp32), 200, team).Classify(Rows(data, 0, 200), exact);
        DigitNetwork.Create(ModelWeights.Create(Weights, Precision.Int8), 200, team).Classify(Rows(data, 0, 200), rounded);

        Assert.InRange(exact.Values.Zip(rounded.Values, (a, b) => Math.Abs(a - b)).Average(), 1e-9, 0.01);
    }

    [Fact]
    public void More_images_than_its_capacity_are_refused()
    {
        using var team = new ThreadTeam(1, "one");
        var network = DigitNetwork.Create(ModelWeights.Create(Weights, Precision.Fp32), 2, team);

        Assert.Throws<ArgumentException>(() => network.Classify(Matrix<float>.Create(3, 64), Matrix<float>.Create(3, 10)));
    }

    [Fact]
    public void Weights_of_another_program_are_refused()
    {
        using var stream = new MemoryStream(new byte[100]);

        Assert.Throws<InvalidDataException>(() => NetworkWeights.Read(stream));
    }

    private static Matrix<float> Rows(DigitSet data, int first, int count)
    {
        var images = Matrix<float>.Create(count, DigitSet.Pixels);
        for (var i = 0; i < count; i++)
        {
            data.Images[first + i].Select(p => (float)p).ToArray().CopyTo(images.Row(i));
        }

        return images;
    }
}
