using Tuner.SampleModel.Model;
using Tuner.SampleModel.Training;

namespace Tuner.SampleModel.Tests.Training;

public sealed class BackPropagationTests
{
    [Fact]
    public void The_gradient_agrees_with_finite_differences()
    {
        const int Batch = 4;
        const float Change = 1e-2f;
        var data = ShippedModel.ReadData();
        var images = data.Images.Take(Batch).Select(image => image.Select(p => (float)p).ToArray()).ToArray();
        var labels = data.Labels[..Batch];
        var weights = new Trainer(new TrainingPlan(), data).Weights;
        var backPropagation = new BackPropagation(Batch);
        backPropagation.Compute(weights, images, labels);
        var gradient = backPropagation.Gradient.Arrays.Select(array => array.ToArray()).ToArray();
        var compared = 0;

        foreach (var (parameters, slopes) in weights.Arrays.Zip(gradient))
        {
            // The steepest parameters of each array: the others drown in the rounding of the loss.
            foreach (var i in Enumerable.Range(0, slopes.Length).OrderByDescending(i => Math.Abs(slopes[i])).Take(3))
            {
                var value = parameters[i];
                parameters[i] = value + Change;
                var above = backPropagation.Compute(weights, images, labels);
                parameters[i] = value - Change;
                var below = backPropagation.Compute(weights, images, labels);
                parameters[i] = value;
                Assert.Equal(slopes[i], (above - below) / (2 * Change), Math.Abs(slopes[i]) * 0.03);
                compared++;
            }
        }

        Assert.Equal(12, compared);
    }
}
