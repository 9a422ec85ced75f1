using System.Text.Json;
using Tuner.SampleModel.Training;

namespace Tuner.SampleModel.Model;

/// <summary>The data, the weights and the training record that are part of this assembly.</summary>
internal static class ShippedModel
{
    public static DigitSet ReadData()
    {
        using var stream = Open("digits.csv.gz");
        return DigitSet.Read(stream);
    }

    public static NetworkWeights ReadWeights()
    {
        using var stream = Open("digits.weights");
        return NetworkWeights.Read(stream);
    }

    public static TrainingRecord ReadRecord()
    {
        using var stream = Open("digits.training.json");
        return JsonSerializer.Deserialize(stream, TrainingJson.Default.TrainingRecord)
            ?? throw new InvalidDataException("digits.training.json is empty");
    }

    private static Stream Open(string name) =>
        typeof(ShippedModel).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidDataException($"{name} is not part of this build: run `Tuner.SampleModel train`, then build again");
}
