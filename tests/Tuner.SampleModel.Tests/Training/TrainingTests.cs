using Tuner.SampleModel.Model;
using Tuner.SampleModel.Training;

namespace Tuner.SampleModel.Tests.Training;

public sealed class TrainingTests
{
    private static readonly TrainingRecord Record = ShippedModel.ReadRecord();

    [Theory]
    [InlineData("fp32")]
    [InlineData("int8")]
    public void Classifies_at_least_96_percent_of_the_images_set_aside_as_recorded(string name)
    {
        var precision = Enum.Parse<Precision>(name, ignoreCase: true);
        var (_, test) = ShippedModel.ReadData().Split(Record.Plan.Seed);

        var accuracy = AccuracyTest.Measure(ShippedModel.ReadWeights(), precision, test);

        Assert.InRange(accuracy, 0.96, 1);
        Assert.Equal(Record.Accuracy(precision), accuracy);
        Assert.Equal(Record.TestImages, test.Count);
    }

    [Fact]
    public void The_shipped_weights_are_those_of_the_last_epoch_recorded()
    {
        Assert.Equal(new TrainingPlan(), Record.Plan);
        Assert.Equal(Record.Plan.Epochs, Record.EpochSha256.Count);
        Assert.Equal(Record.EpochSha256[^1], TrainingRecord.Sha256(ShippedModel.ReadWeights()));
    }

    [Fact]
    public void Training_again_takes_the_recorded_path() => AssertSamePath(epochs: 2);

    [FullTrainingFact]
    public void Training_again_to_the_end_gives_the_shipped_weights() => AssertSamePath(Record.Plan.Epochs);

    private static void AssertSamePath(int epochs)
    {
        var trainer = new Trainer(Record.Plan, ShippedModel.ReadData().Split(Record.Plan.Seed).Train);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            trainer.RunEpoch(CancellationToken.None);
            Assert.Equal(Record.EpochSha256[epoch], TrainingRecord.Sha256(trainer.Weights));
        }
    }
}
