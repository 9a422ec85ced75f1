using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Training;

/// <summary>
/// Loss and gradient of the recurrent network for one mini-batch: cross-entropy, propagated back through all sixteen steps
/// (Werbos 1990, "Backpropagation through time: what it does and how to do it"). Rows of the tapes are step * batch + image.
/// </summary>
internal sealed class BackPropagation(int batch)
{
    private readonly Matrix<float> inputs = Matrix<float>.Create(NetworkShape.Steps * batch, NetworkShape.StepWidth);
    private readonly Matrix<float> errors = Matrix<float>.Create(NetworkShape.Steps * batch, NetworkShape.Hidden);
    private readonly Matrix<float> inputsTransposed = Matrix<float>.Create(NetworkShape.StepWidth, NetworkShape.Steps * batch);
    private readonly Matrix<float> errorsTransposed = Matrix<float>.Create(NetworkShape.Hidden, NetworkShape.Steps * batch);
    private readonly Matrix<float> stepTransposed = Matrix<float>.Create(NetworkShape.Hidden, NetworkShape.Hidden);
    private readonly Matrix<float> lastState = Matrix<float>.Create(batch, NetworkShape.Hidden);
    private readonly Matrix<float> logits = Matrix<float>.Create(batch, NetworkShape.Outputs);

    /// <summary>The gradient of the mean loss; the next call overwrites it.</summary>
    public NetworkWeights Gradient { get; } = NetworkWeights.Empty();

    /// <summary>Returns the mean loss (nats) of as many images (64 pixels each, 0 to 16) as the batch has, and fills <see cref="Gradient"/>.</summary>
    public float Compute(NetworkWeights weights, ReadOnlySpan<float[]> images, ReadOnlySpan<int> labels)
    {
        Forward(weights, images);
        var loss = OutputGradient(weights, labels);
        Backward(weights);
        Transpose(errors, errorsTransposed);
        Transpose(inputs, inputsTransposed);
        Multiply(errorsTransposed, inputsTransposed, Gradient.Step, NetworkShape.StepWidth);
        Gradient.StepBias.AsSpan().Clear();
        for (var row = 0; row < errors.Rows; row++)
        {
            Add(errors.Row(row), Gradient.StepBias, 1f);
        }

        return loss;
    }

    private void Forward(NetworkWeights weights, ReadOnlySpan<float[]> images)
    {
        for (var step = 0; step < NetworkShape.Steps; step++)
        {
            var input = At(inputs, step);
            for (var i = 0; i < batch; i++)
            {
                NetworkShape.Show(images[i], step, input.Row(i)[NetworkShape.Hidden..]);
            }

            var next = step + 1 < NetworkShape.Steps ? At(inputs, step + 1) : lastState;
            Multiply(input, weights.Step, next, NetworkShape.Hidden);
            for (var i = 0; i < batch; i++)
            {
                Elementwise.TanhOfSum(next.Row(i)[..NetworkShape.Hidden], weights.StepBias);
            }
        }
    }

    /// <summary>d loss / d logit = probability - (1 for the label), averaged over the batch; then on to the last state.</summary>
    private float OutputGradient(NetworkWeights weights, ReadOnlySpan<int> labels)
    {
        Multiply(lastState, weights.Output, logits, NetworkShape.Outputs);
        Gradient.Output.Values.AsSpan().Clear();
        Gradient.OutputBias.AsSpan().Clear();
        var loss = 0f;
        for (var i = 0; i < batch; i++)
        {
            var row = logits.Row(i);
            Add(weights.OutputBias, row, 1f);
            Elementwise.Softmax(row[..DigitSet.Classes]);
            loss -= MathF.Log(Math.Max(row[labels[i]], 1e-12f));
            row[labels[i]] -= 1f;
            var stateError = At(errors, NetworkShape.Steps - 1).Row(i);
            stateError.Clear();
            for (var j = 0; j < DigitSet.Classes; j++)
            {
                var error = row[j] / batch;
                Add(lastState.Row(i), Gradient.Output.Row(j), error);
                Add(weights.Output.Row(j), stateError, error);
                Gradient.OutputBias[j] += error;
            }
        }

        return loss / batch;
    }

    /// <summary>From the error of each state to the error before its tanh (times 1 - h²), and through the step matrix to the state before.</summary>
    private void Backward(NetworkWeights weights)
    {
        Transpose(weights.Step with { Width = NetworkShape.Hidden }, stepTransposed);
        for (var step = NetworkShape.Steps - 1; step >= 0; step--)
        {
            var state = step + 1 < NetworkShape.Steps ? At(inputs, step + 1) : lastState;
            for (var i = 0; i < batch; i++)
            {
                var error = At(errors, step).Row(i);
                var h = state.Row(i);
                for (var j = 0; j < error.Length; j++)
                {
                    error[j] *= 1f - (h[j] * h[j]);
                }
            }

            if (step > 0)
            {
                Multiply(At(errors, step), stepTransposed, At(errors, step - 1), NetworkShape.Hidden);
            }
        }
    }

    private Matrix<float> At(Matrix<float> tape, int step) => tape.TakeRows(step * batch, batch);

    /// <summary>Splits the columns of the product over the cores; how they are split does not change a bit of it.</summary>
    private static void Multiply(Matrix<float> a, Matrix<float> b, Matrix<float> c, int columns)
    {
        const int Slice = 48;
        Parallel.For(0, (columns + Slice - 1) / Slice, slice =>
            FloatKernel.Multiply(a, b, c, slice * Slice, Math.Min((slice + 1) * Slice, columns)));
    }

    private static void Transpose(Matrix<float> source, Matrix<float> target)
    {
        const int Block = 16;
        for (var top = 0; top < source.Rows; top += Block)
        {
            for (var row = top; row < Math.Min(top + Block, source.Rows); row++)
            {
                var values = source.Row(row);
                for (var column = 0; column < values.Length; column++)
                {
                    target.Values[(column * target.Stride) + row] = values[column];
                }
            }
        }
    }

    private static void Add(ReadOnlySpan<float> source, Span<float> target, float factor)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }
}
