namespace Tuner.SampleModel.Model;

/// <summary>
/// The network with 8-bit weights and states. A state lies between -1 and 1 (it is a tanh), as do the pixels shown, so that
/// 1/127 is the right unit for both and nothing has to be calibrated.
/// </summary>
internal sealed class Int8Network(Int8Weights weights, int capacity, ThreadTeam team) : DigitNetwork(capacity, team)
{
    private readonly Matrix<short>[] inputs =
    [
        Matrix<short>.Create(capacity, NetworkShape.StepWidth),
        Matrix<short>.Create(capacity, NetworkShape.StepWidth),
    ];

    private readonly Matrix<float> states = Matrix<float>.Create(capacity, NetworkShape.Hidden);

    protected override void Reset(int rows) => inputs[0].Values.AsSpan(0, rows * NetworkShape.StepWidth).Clear();

    protected override void Show(Matrix<float> images, int step)
    {
        var input = inputs[step % 2];
        Span<float> pixels = stackalloc float[NetworkShape.PixelWidth];
        for (var i = 0; i < images.Rows; i++)
        {
            NetworkShape.Show(images.Row(i), step, pixels);
            Elementwise.Quantize(pixels, input.Row(i)[NetworkShape.Hidden..], QuantizedMatrix.One);
        }
    }

    protected override void Advance(int rows, int step, int from, int to)
    {
        var next = inputs[(step + 1) % 2];
        Int8Kernel.Multiply(inputs[step % 2].TakeRows(0, rows), weights.Step.Values, weights.Step.Scale, states, from, to);
        for (var i = 0; i < rows; i++)
        {
            var state = states.Row(i)[from..to];
            Elementwise.TanhOfSum(state, weights.StepBias.AsSpan(from, to - from));
            Elementwise.Quantize(state, next.Row(i)[from..to], QuantizedMatrix.One);
        }
    }

    protected override void Finish(Matrix<float> results)
    {
        var state = inputs[NetworkShape.Steps % 2].TakeRows(0, results.Rows) with { Width = NetworkShape.Hidden };
        Int8Kernel.Multiply(state, weights.Output.Values, weights.Output.Scale, results, 0, NetworkShape.Outputs);
        for (var i = 0; i < results.Rows; i++)
        {
            var row = results.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] += weights.OutputBias[j];
            }
        }
    }
}
