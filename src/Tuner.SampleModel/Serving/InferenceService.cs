using Tuner.SampleModel.Model;
using Tuner.SampleModel.Options;

namespace Tuner.SampleModel.Serving;

/// <summary>The queue and the workers that empty it.</summary>
internal sealed class InferenceService : IDisposable
{
    private readonly ImageQueue queue;
    private readonly InferenceWorker[] workers;
    private readonly TimeProvider time;

    /// <summary>Builds all buffers and threads; nothing is allocated for a batch afterwards.</summary>
    public InferenceService(ServerOptions options, ModelWeights weights, ServerMetrics metrics, TimeProvider time)
    {
        this.time = time;
        queue = new ImageQueue(new BatchPolicy(options.MaxBatchSize, options.BatchDelay), options.QueueLimit, time);
        workers = [.. Enumerable.Range(0, options.Workers).Select(number =>
            new InferenceWorker(number, options.Threads, options.MaxBatchSize, weights, queue, metrics, time))];
        foreach (var worker in workers)
        {
            worker.Start();
        }
    }

    /// <summary>Images that wait.</summary>
    public int QueueLength => queue.Length;

    /// <summary>Queues the images of a request; null when there is no room for all of them.</summary>
    public InferenceCall? TryStart(Matrix<float> images, CancellationToken cancellationToken)
    {
        var call = new InferenceCall(images, time.GetTimestamp(), cancellationToken);
        return queue.TryAdd(call) ? call : null;
    }

    /// <summary>Takes no more requests and computes what waits without further delay.</summary>
    public void Drain() => queue.Close();

    /// <summary>Gives up what still waits, lets the batches at hand end.</summary>
    public void Dispose()
    {
        queue.Close();
        queue.Clear();
        foreach (var worker in workers)
        {
            worker.Join();
        }
    }
}
