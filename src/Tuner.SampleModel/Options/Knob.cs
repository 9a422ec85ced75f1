using System.Globalization;

namespace Tuner.SampleModel.Options;

/// <summary>One option: its flag, the environment variable that also sets it, its default and its meaning.</summary>
/// <param name="Least">For whole numbers; null for words.</param>
internal sealed record Knob(string Flag, string Variable, string Default, string Meaning, int? Least = null, int? Most = null)
{
    public static readonly Knob Host = new("--host", "LISTEN_HOST", "127.0.0.1", "IP address to listen on; 0.0.0.0 for all");
    public static readonly Knob Port = new("--port", "PORT", "8080", "TCP port; 0 takes a free one and prints it", 0, 65535);

    public static readonly Knob Workers = new(
        "--workers", "WORKERS", "1", "batches computed at the same time; each worker holds its own threads and buffers", 1, 256);

    public static readonly Knob Threads = new(
        "--threads", "OMP_NUM_THREADS", "1", "threads that share one batch: less time for one, more total CPU; workers x threads beyond the cores only adds waiting", 1, 64);

    public static readonly Knob MaxBatchSize = new(
        "--max-batch-size", "MAX_BATCH_SIZE", "1", "images computed together: less CPU per image, longer batches", 1, 1024);

    public static readonly Knob BatchDelay = new(
        "--batch-delay-ms", "BATCH_DELAY_MS", "0", "how long the oldest image waits for a batch to fill; 0 takes what is there", 0, 10_000);

    public static readonly Knob Precision = new(
        "--precision", "PRECISION", "fp32", "fp32 or int8 (8-bit weights and states: less CPU, its own accuracy)");

    public static readonly Knob QueueLimit = new(
        "--queue-limit", "QUEUE_LIMIT", "1024", "images that may wait; a request that would exceed it gets 503", 1, 1_000_000);

    public static IReadOnlyList<Knob> All { get; } = [Host, Port, Workers, Threads, MaxBatchSize, BatchDelay, Precision, QueueLimit];

    /// <summary>Parses a whole number in range; <paramref name="error"/> names thing, value and cure.</summary>
    public int ReadNumber(string value, string source, out string? error)
    {
        error = null;
        if (int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= Least && number <= Most)
        {
            return number;
        }

        error = $"{source}: '{value}' is not a whole number from {Least} to {Most}. Give one in that range (default {Default}).";
        return 0;
    }
}
