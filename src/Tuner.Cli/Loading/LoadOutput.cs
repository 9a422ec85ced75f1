using System.Collections.Immutable;
using Tuner.Core.Measurements;

namespace Tuner.Cli.Loading;

/// <summary>Writes what a load came to, in the form that was asked for.</summary>
internal static class LoadOutput
{
    public static void Write(TextWriter writer, string form, Measurement measurement, ImmutableArray<ThresholdVerdict> verdicts)
    {
        switch (form)
        {
            case "json":
                writer.WriteLine(MeasurementSummary.Of(measurement, verdicts));
                break;
            case "hdr":
                writer.Write(PercentileDistribution.Of(measurement));
                break;
            default:
                writer.Write(MeasurementText.Of(measurement));
                foreach (var verdict in verdicts)
                {
                    writer.WriteLine($"slo           {verdict.Verdict.ToString().ToLowerInvariant(),-7} {verdict.Text}: {verdict.Detail}");
                }

                break;
        }
    }

    /// <summary>Written beside the file and moved over it, so that whoever waits for the file never reads half of it.</summary>
    public static async Task SaveAsync(string file, Measurement measurement)
    {
        var draft = file + ".part";
        await File.WriteAllBytesAsync(draft, MeasurementJson.WriteUtf8(measurement), CancellationToken.None);
        File.Move(draft, file, overwrite: true);
    }
}
