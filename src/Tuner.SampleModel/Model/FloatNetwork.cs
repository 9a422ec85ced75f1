namespace Tuner.SampleModel.Model;

/// <summary>The network in 32-bit floats. Two inputs alternate: a step reads one and writes its state into the other.</summary>
internal sealed class FloatNetwork(NetworkWeights weights, int capacity, ThreadTeam team) : DigitNetwork(capacity, team)
{
    private readonly Matrix<float>[] inputs =
    [
        Matrix<float>.Create(capacity, NetworkShape.StepWidth),
        Matrix<float>.Create(capacity, NetworkShape.StepWidth),
    ];

    protected override void Reset(int rows) => inputs[0].Values.AsSpan(0, rows * NetworkShape.StepWidth).Clear();

    protected override void Show(Matrix<float> images, int step)
    {
        var input = inputs[step % 2];
        for (var i = 0; i < images.Rows; i++)
        {
            NetworkShape.Show(images.Row(i), step, input.Row(i)[NetworkShape.Hidden..]);
        }
    }

    protected override void Advance(int rows, int step, int from, int to)
    {
        var next = inputs[(step + 1) % 2];
        FloatKernel.Multiply(inputs[step % 2].TakeRows(0, rows), weights.Step, next, from, to);
        for (var i = 0; i < rows; i++)
        {
            Elementwise.TanhOfSum(next.Row(i)[from..to], weights.StepBias.AsSpan(from, to - from));
        }
    }

    protected override void Finish(Matrix<float> results)
    {
        var state = inputs[NetworkShape.Steps % 2].TakeRows(0, results.Rows) with { Width = NetworkShape.Hidden };
        FloatKernel.Multiply(state, weights.Output, results, 0, NetworkShape.Outputs);
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
