using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Training;

/// <summary>Trains the network on the images; the same plan and data give the same bits on every machine.</summary>
internal sealed class Trainer
{
    private readonly TrainingPlan plan;
    private readonly DigitSet data;
    private readonly Random random;
    private readonly BackPropagation backPropagation;
    private readonly Adam[] optimizers;
    private readonly float[][] images;
    private readonly int[] labels;
    private int updates;

    public Trainer(TrainingPlan plan, DigitSet data)
    {
        this.plan = plan;
        this.data = data;
        random = new Random(plan.Seed);
        backPropagation = new BackPropagation(plan.Batch);
        Weights = Initial(random);
        optimizers = [.. Weights.Arrays.Zip(backPropagation.Gradient.Arrays, (parameters, gradient) => new Adam(parameters, gradient))];
        images = [.. Enumerable.Range(0, plan.Batch).Select(_ => new float[DigitSet.Pixels])];
        labels = new int[plan.Batch];
    }

    public NetworkWeights Weights { get; }

    /// <summary>One pass over the shuffled images, whole batches only; returns the mean loss in nats.</summary>
    public float RunEpoch(CancellationToken cancellationToken)
    {
        var order = Enumerable.Range(0, data.Count).ToArray();
        random.Shuffle(order);
        var batches = data.Count / plan.Batch;
        var loss = 0f;
        for (var batch = 0; batch < batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Fill(order.AsSpan(batch * plan.Batch, plan.Batch));
            loss += backPropagation.Compute(Weights, images, labels);
            var rate = plan.Rate * (1f - ((float)updates / (batches * plan.Epochs)));
            updates++;
            var clip = plan.Clip / Math.Max(plan.Clip, Norm(backPropagation.Gradient));
            foreach (var optimizer in optimizers)
            {
                optimizer.Update(rate, plan.Decay, clip);
            }
        }

        return loss / batches;
    }

    private void Fill(ReadOnlySpan<int> chosen)
    {
        for (var i = 0; i < chosen.Length; i++)
        {
            labels[i] = data.Labels[chosen[i]];
            for (var pixel = 0; pixel < DigitSet.Pixels; pixel++)
            {
                images[i][pixel] = data.Images[chosen[i]][pixel] + (plan.Noise * Symmetric(random));
            }
        }
    }

    /// <summary>Uniform weights that keep the size of the state from step to step (Glorot and Bengio 2010).</summary>
    private static NetworkWeights Initial(Random random)
    {
        var weights = NetworkWeights.Empty();
        var state = MathF.Sqrt(3f / NetworkShape.Hidden);
        var pixels = MathF.Sqrt(3f / NetworkShape.Side) / 2f;
        for (var row = 0; row < NetworkShape.Hidden; row++)
        {
            var values = weights.Step.Row(row);
            for (var i = 0; i < NetworkShape.Hidden + (2 * NetworkShape.Side); i++)
            {
                values[i] = Symmetric(random) * (i < NetworkShape.Hidden ? state : pixels);
            }
        }

        for (var row = 0; row < DigitSet.Classes; row++)
        {
            foreach (ref var value in weights.Output.Row(row))
            {
                value = Symmetric(random) * state;
            }
        }

        return weights;
    }

    private static float Symmetric(Random random) => (2f * random.NextSingle()) - 1f;

    private static float Norm(NetworkWeights gradient)
    {
        var sum = 0.0;
        foreach (var array in gradient.Arrays)
        {
            foreach (var value in array)
            {
                sum += (double)value * value;
            }
        }

        return (float)Math.Sqrt(sum);
    }
}
