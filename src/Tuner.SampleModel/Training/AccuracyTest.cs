using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Training;

/// <summary>Counts what the network, run as the server runs it, classifies rightly.</summary>
internal static class AccuracyTest
{
    /// <summary>Share of the images, 0 to 1, whose most probable class is their label.</summary>
    public static double Measure(NetworkWeights weights, Precision precision, DigitSet data)
    {
        using var team = new ThreadTeam(1, "accuracy");
        var network = DigitNetwork.Create(ModelWeights.Create(weights, precision), data.Count, team);
        var images = Matrix<float>.Create(data.Count, DigitSet.Pixels);
        for (var i = 0; i < images.Values.Length; i++)
        {
            images.Values[i] = data.Images[i / DigitSet.Pixels][i % DigitSet.Pixels];
        }

        var probabilities = Matrix<float>.Create(data.Count, DigitSet.Classes);
        network.Classify(images, probabilities);
        var right = Enumerable.Range(0, data.Count).Count(i => DigitNetwork.MostProbable(probabilities.Row(i)) == data.Labels[i]);
        return (double)right / data.Count;
    }
}
