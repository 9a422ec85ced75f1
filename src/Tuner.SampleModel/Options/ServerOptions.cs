using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Options;

/// <summary>How the server runs; every value has been checked.</summary>
/// <param name="Port">0 lets the system choose one.</param>
/// <param name="Workers">Batches computed at the same time.</param>
/// <param name="Threads">Threads that share the work of one batch.</param>
/// <param name="MaxBatchSize">Images.</param>
/// <param name="BatchDelay">How long the oldest waiting image may wait for others.</param>
/// <param name="QueueLimit">Images that may wait.</param>
internal sealed record ServerOptions(
    string Host, int Port, int Workers, int Threads, int MaxBatchSize, TimeSpan BatchDelay, Precision Precision, int QueueLimit);
