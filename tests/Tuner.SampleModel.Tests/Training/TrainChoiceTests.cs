using Tuner.SampleModel.Training;

namespace Tuner.SampleModel.Tests.Training;

public sealed class TrainChoiceTests
{
    [Fact]
    public void Takes_seed_epochs_and_folder()
    {
        var (choice, error) = TrainChoice.Read(["--seed", "7", "--epochs", "3", "--out", "here"]);

        Assert.Null(error);
        Assert.Equal(new TrainChoice(new TrainingPlan { Seed = 7, Epochs = 3 }, null, "here"), choice);
    }

    [Theory]
    [InlineData("--epochs: '0' is not from 1 to 1000", "--epochs", "0")]
    [InlineData("--seed: 'x' is not a whole number", "--seed", "x")]
    [InlineData("--data: there is no file 'missing.gz'", "--data", "missing.gz")]
    [InlineData("--out: a value is missing", "--out")]
    [InlineData("--speed: no such option", "--speed", "9")]
    public void Names_what_is_wrong(string expected, params string[] args)
    {
        Assert.StartsWith(expected, TrainChoice.Read(args).Error, StringComparison.Ordinal);
    }
}
