using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Serving;

/// <summary>One thread (with the rest of its team) that takes batches from the queue and classifies them until the queue closes.</summary>
internal sealed class InferenceWorker
{
    private readonly ImageQueue queue;
    private readonly ServerMetrics metrics;
    private readonly TimeProvider time;
    private readonly ThreadTeam team;
    private readonly DigitNetwork network;
    private readonly Matrix<float> images;
    private readonly Matrix<float> probabilities;
    private readonly Thread thread;

    public InferenceWorker(int number, int threads, int maxBatch, ModelWeights weights, ImageQueue queue, ServerMetrics metrics, TimeProvider time)
    {
        this.queue = queue;
        this.metrics = metrics;
        this.time = time;
        team = new ThreadTeam(threads, $"inference.{number}");
        network = DigitNetwork.Create(weights, maxBatch, team);
        images = Matrix<float>.Create(maxBatch, DigitSet.Pixels);
        probabilities = Matrix<float>.Create(maxBatch, DigitSet.Classes);
        thread = new Thread(Work) { IsBackground = true, Name = $"inference.{number}.0" };
    }

    public void Start() => thread.Start();

    /// <summary>Waits for the batch at hand; the queue must be closed.</summary>
    public void Join()
    {
        thread.Join();
        team.Dispose();
    }

    private void Work()
    {
        var batch = new List<QueuedImage>(images.Rows);
        while (queue.Take(batch))
        {
            var start = time.GetTimestamp();
            var oldestWait = time.GetElapsedTime(batch[0].Call.Arrived, start);
            Classify(batch);
            metrics.BatchDone(batch.Count, time.GetElapsedTime(start), oldestWait);
            Answer(batch);
        }
    }

    private void Classify(List<QueuedImage> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Call.Images.Row(batch[i].Index).CopyTo(images.Row(i));
        }

        network.Classify(images.TakeRows(0, batch.Count), probabilities.TakeRows(0, batch.Count));
    }

    private void Answer(List<QueuedImage> batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            probabilities.Row(i).CopyTo(batch[i].Call.Probabilities.Row(batch[i].Index));
            batch[i].Call.Finish(1);
        }
    }
}
