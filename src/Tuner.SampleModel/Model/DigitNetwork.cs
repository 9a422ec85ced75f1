namespace Tuner.SampleModel.Model;

/// <summary>
/// Classifies up to <paramref name="capacity"/> images at once, on the threads of its team. It owns its buffers: one caller
/// at a time. Weights are shared between networks.
/// </summary>
internal abstract class DigitNetwork(int capacity, ThreadTeam team)
{
    /// <summary>Rows of the step matrix are handed to threads in groups of so many: whole vectors, whole blocks of the kernels.</summary>
    private const int RowGroup = 24;

    private readonly Matrix<float> logits = Matrix<float>.Create(capacity, NetworkShape.Outputs);

    public int Capacity => capacity;

    /// <summary>Creates the network of that precision.</summary>
    public static DigitNetwork Create(ModelWeights weights, int capacity, ThreadTeam team) => weights switch
    {
        FloatWeights f => new FloatNetwork(f.Weights, capacity, team),
        Int8Weights q => new Int8Network(q, capacity, team),
        _ => throw new ArgumentOutOfRangeException(nameof(weights)),
    };

    /// <summary>
    /// Fills a row of ten probabilities for each row of 64 pixels (0 white to 16 black; others count as the nearer of the two).
    /// </summary>
    public void Classify(Matrix<float> images, Matrix<float> probabilities)
    {
        if (images.Rows > capacity || probabilities.Rows != images.Rows)
        {
            throw new ArgumentException($"{images.Rows} images, {probabilities.Rows} rows of results, capacity {capacity}");
        }

        Reset(images.Rows);
        Show(images, 0);
        team.Run(member => RunSteps(images, member));
        var results = logits.TakeRows(0, images.Rows);
        Finish(results);
        for (var i = 0; i < images.Rows; i++)
        {
            var row = results.Row(i)[..DigitSet.Classes];
            Elementwise.Softmax(row);
            row.CopyTo(probabilities.Row(i));
        }
    }

    /// <summary>The class with the largest probability; the smaller class of two equal ones.</summary>
    public static int MostProbable(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        return best;
    }

    /// <summary>Forgets the images before.</summary>
    protected abstract void Reset(int rows);

    /// <summary>Writes the pixels of a step into the input of that step.</summary>
    protected abstract void Show(Matrix<float> images, int step);

    /// <summary>Computes states from <paramref name="from"/> up to <paramref name="to"/> of the input of the next step.</summary>
    protected abstract void Advance(int rows, int step, int from, int to);

    /// <summary>Computes the logits from the last state.</summary>
    protected abstract void Finish(Matrix<float> results);

    private void RunSteps(Matrix<float> images, int member)
    {
        const int Groups = NetworkShape.Hidden / RowGroup;
        var from = Groups * member / team.Size * RowGroup;
        var to = Groups * (member + 1) / team.Size * RowGroup;
        for (var step = 0; step < NetworkShape.Steps; step++)
        {
            if (member == 0 && step + 1 < NetworkShape.Steps)
            {
                Show(images, step + 1);
            }

            Advance(images.Rows, step, from, to);
            team.Meet();
        }
    }
}
