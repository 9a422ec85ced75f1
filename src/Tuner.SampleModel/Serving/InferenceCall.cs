using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Serving;

/// <summary>The images of one request on their way through the queue; they may end up in several batches.</summary>
internal sealed class InferenceCall(Matrix<float> images, long arrived, CancellationToken abandoned)
{
    private readonly TaskCompletionSource<bool> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int remaining = images.Rows;

    public Matrix<float> Images => images;

    public Matrix<float> Probabilities { get; } = Matrix<float>.Create(images.Rows, DigitSet.Classes);

    /// <summary>Timestamp of the time provider.</summary>
    public long Arrived => arrived;

    /// <summary>Nobody waits for the answer any more.</summary>
    public bool IsAbandoned => abandoned.IsCancellationRequested;

    /// <summary>True when all images are classified, false when the server stopped or the client left before.</summary>
    public Task<bool> Completion => completion.Task;

    public void Finish(int images)
    {
        if (Interlocked.Add(ref remaining, -images) == 0)
        {
            completion.TrySetResult(true);
        }
    }

    public void Drop() => completion.TrySetResult(false);
}
