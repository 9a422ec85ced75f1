namespace Tuner.Load.Looping;

/// <summary>
/// Keeps the machine's cores out of idle states while a load runs: waking a halted core, above all of a virtual machine,
/// takes up to milliseconds, which made requests leave late. Asks the kernel by its PM QoS file, as cyclictest does
/// (Documentation/power/pm_qos_interface.rst); the wish ends with the file handle, however the process ends. Best effort:
/// it takes the right to write that file.
/// </summary>
internal sealed class AwakeCores : IDisposable
{
    private const string LatencyFile = "/dev/cpu_dma_latency";
    private readonly FileStream? wish;

    private AwakeCores(FileStream? wish) => this.wish = wish;

    public static AwakeCores Hold(LoadOptions options)
    {
        if (!options.RaisePriority || !OperatingSystem.IsLinux())
        {
            return new AwakeCores(null);
        }

        try
        {
            var file = new FileStream(LatencyFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write([0, 0, 0, 0]);
            return new AwakeCores(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new AwakeCores(null);
        }
    }

    public void Dispose() => wish?.Dispose();
}
