using System.Globalization;
using System.Text;

namespace Tuner.SampleModel.Serving;

/// <summary>Counters since the start, and how Prometheus reads them.</summary>
internal sealed class ServerMetrics
{
    private static readonly int[] BatchBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    private readonly Lock gate = new();
    private readonly SortedDictionary<int, long> requests = [];
    private readonly long[] batchSizes = new long[BatchBounds.Length];
    private long batches;
    private long images;
    private TimeSpan inference;
    private TimeSpan queueing;

    /// <summary>An inference request was answered with that status.</summary>
    public void RequestDone(int status)
    {
        lock (gate)
        {
            requests[status] = requests.GetValueOrDefault(status) + 1;
        }
    }

    /// <summary>A batch was classified; <paramref name="oldestWait"/> is how long its first image had waited.</summary>
    public void BatchDone(int size, TimeSpan duration, TimeSpan oldestWait)
    {
        lock (gate)
        {
            batches++;
            images += size;
            batchSizes[Array.FindIndex(BatchBounds, bound => size <= bound)]++;
            inference += duration;
            queueing += oldestWait;
        }
    }

    /// <summary>The text exposition format, version 0.0.4.</summary>
    public string Write(int queueLength)
    {
        var text = new StringBuilder();
        lock (gate)
        {
            Describe(text, "digits_requests_total", "counter", "Inference requests by HTTP status.");
            foreach (var (status, count) in requests)
            {
                text.Append(CultureInfo.InvariantCulture, $"digits_requests_total{{code=\"{status}\"}} {count}\n");
            }

            Describe(text, "digits_images_total", "counter", "Images classified.");
            text.Append(CultureInfo.InvariantCulture, $"digits_images_total {images}\n");
            Describe(text, "digits_queue_length", "gauge", "Images waiting.");
            text.Append(CultureInfo.InvariantCulture, $"digits_queue_length {queueLength}\n");
            WriteBatchSizes(text);
            Describe(text, "digits_inference_seconds", "summary", "Time to classify a batch.");
            text.Append(CultureInfo.InvariantCulture, $"digits_inference_seconds_sum {inference.TotalSeconds}\n");
            text.Append(CultureInfo.InvariantCulture, $"digits_inference_seconds_count {batches}\n");
            Describe(text, "digits_queue_seconds", "summary", "Time the oldest image of a batch had waited.");
            text.Append(CultureInfo.InvariantCulture, $"digits_queue_seconds_sum {queueing.TotalSeconds}\n");
            text.Append(CultureInfo.InvariantCulture, $"digits_queue_seconds_count {batches}\n");
        }

        return text.ToString();
    }

    private void WriteBatchSizes(StringBuilder text)
    {
        Describe(text, "digits_batch_size", "histogram", "Images in a batch.");
        var total = 0L;
        for (var i = 0; i < BatchBounds.Length; i++)
        {
            total += batchSizes[i];
            text.Append(CultureInfo.InvariantCulture, $"digits_batch_size_bucket{{le=\"{BatchBounds[i]}\"}} {total}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"digits_batch_size_bucket{{le=\"+Inf\"}} {batches}\n");
        text.Append(CultureInfo.InvariantCulture, $"digits_batch_size_sum {images}\n");
        text.Append(CultureInfo.InvariantCulture, $"digits_batch_size_count {batches}\n");
    }

    private static void Describe(StringBuilder text, string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
