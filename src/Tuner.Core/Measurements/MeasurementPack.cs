using System.Collections.Immutable;
using System.IO.Compression;

namespace Tuner.Core.Measurements;

/// <summary>
/// A measurement as one word of text, for channels that carry text of limited size: gzip in base64 after a mark. Exact where
/// there is room; where there is not, single seconds are kept as coarsely as it takes (<see cref="Coarseness"/>).
/// </summary>
public static class MeasurementPack
{
    /// <summary>The most characters that an Argo output parameter is sure to carry (256 kB, less what is put around it).</summary>
    public const int MaxCharacters = 240_000;

    /// <summary>The most pieces of that size that one Workflow carries: Argo refuses to keep more than 1 MB of status in it.</summary>
    public const int MaxPieces = 3;

    /// <summary>What one generator's share of so many pieces is sure to hold; <c>tuner plan</c> refuses more.</summary>
    public static readonly TimeSpan LongestLoad = TimeSpan.FromDays(3);

    /// <summary>What one generator's memory, and an artifact of bounded size, are sure to hold; <c>tuner plan</c> refuses more.</summary>
    public static readonly TimeSpan LongestArtifact = TimeSpan.FromDays(7);

    /// <summary>Stands where a measurement would, whose seconds are in the artifact alone.</summary>
    public const string InArtifact = "tuner-measurement-artifact";

    private const string Mark = "tuner-measurement-1:";
    private const string CoarseMark = "tuner-measurement-2:";

    public static string ToText(Measurement measurement) => Mark + Zipped(MeasurementJson.WriteUtf8(measurement));

    /// <summary>The least coarse text that has no more than so many characters; the measurement's notes say how coarse.</summary>
    /// <returns>Null where the coarsest has more.</returns>
    public static string? ToText(Measurement measurement, int characters)
    {
        var best = ToText(measurement);
        if (best.Length <= characters)
        {
            return best;
        }

        return Coarsened(measurement, characters);
    }

    /// <summary>The exact text of a measurement that was written as JSON and in gzip already.</summary>
    public static string OfZipped(ReadOnlySpan<byte> zipped) => Mark + Convert.ToBase64String(zipped);

    /// <summary>How long that text is.</summary>
    public static long LengthOfZipped(long bytes) => Mark.Length + ((bytes + 2) / 3 * 4);

    /// <summary>As <see cref="ToText(Measurement, int)"/>, where it is known that the exact text has more characters.</summary>
    public static string? Coarsened(Measurement measurement, int characters)
    {
        // Each try costs seconds where there are days of them: halves, not steps.
        string? best = null;
        var (low, high) = (0, Coarseness.Ladder.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var text = Coarse(measurement, Coarseness.Ladder[middle]);
            (best, low, high) = text.Length <= characters ? (text, low, middle - 1) : (best, middle + 1, high);
        }

        return best;
    }

    /// <summary>The text in pieces that one parameter carries each; put together again they are the text.</summary>
    public static ImmutableArray<string> Pieces(string text) => [.. text.Chunk(MaxCharacters).Select(piece => new string(piece))];

    /// <summary>Whether the text holds all that was measured; false for what was made coarse, or lies elsewhere.</summary>
    public static bool IsExact(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    public static bool IsPack(string text) => text.StartsWith(Mark, StringComparison.Ordinal) || text.StartsWith(CoarseMark, StringComparison.Ordinal);

    /// <exception cref="FormatException">The text was not written by <see cref="ToText(Measurement)"/>, or lost its end on the way.</exception>
    public static Measurement FromText(string text)
    {
        if (!IsPack(text))
        {
            throw new FormatException($"This is not a packed measurement: it begins with '{text[..Math.Min(text.Length, 40)]}'.");
        }

        try
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text[Mark.Length..].Trim())), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            gzip.CopyTo(plain);
            return text.StartsWith(Mark, StringComparison.Ordinal) ? MeasurementJson.ReadUtf8(plain.ToArray()) : Fine(new ColumnReader(plain.ToArray()));
        }
        catch (InvalidDataException exception)
        {
            throw new FormatException($"The packed measurement is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>The measurement without its seconds, and these after it, phase by phase.</summary>
    internal static string Coarse(Measurement measurement, Coarseness coarseness)
    {
        var columns = new ColumnWriter();
        columns.Bytes(MeasurementJson.WriteUtf8(measurement with
        {
            Notes = measurement.Notes.Add(coarseness.Note),
            Phases = [.. measurement.Phases.Select(phase => phase with { Seconds = [] })],
        }));
        foreach (var phase in measurement.Phases)
        {
            CoarseSeconds.Write(columns, phase, coarseness);
        }

        return CoarseMark + Zipped(columns.ToArray());
    }

    private static Measurement Fine(ColumnReader columns)
    {
        var measurement = MeasurementJson.ReadUtf8(columns.Bytes().ToArray());
        return measurement with { Phases = [.. measurement.Phases.Select(phase => phase with { Seconds = CoarseSeconds.Read(columns) })] };
    }

    private static string Zipped(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}
