using Tuner.Load;

namespace Tuner.Cli.Loading;

/// <summary>One line on the error stream that is written over while a load runs; nothing where that is no terminal.</summary>
internal sealed class ProgressLine(TextWriter writer, bool shown)
{
    private int longest;

    public void Show(LoadProgress progress)
    {
        if (!shown)
        {
            return;
        }

        var text = $"{progress.Share,4:P0}  {progress.Phase ?? "warm-up"}  {progress.RatePerSecond:0}/s  p99 {MeasurementText.Time(progress.P99.Ticks * 100.0)}  {progress.Requests} requests, {progress.Errors} errors";
        longest = Math.Max(longest, text.Length);
        writer.Write($"\r{text.PadRight(longest)}");
    }

    public void Clear()
    {
        if (longest > 0)
        {
            writer.Write($"\r{new string(' ', longest)}\r");
        }
    }
}
