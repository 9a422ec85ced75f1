using System.Collections.Immutable;
using System.IO.Compression;

namespace Tuner.Core.Measurements;

/// <summary>A measurement as one word of text, for channels that carry text of limited size: gzip in base64 after a mark.</summary>
public static class MeasurementPack
{
    /// <summary>The most characters that an Argo output parameter is sure to carry (256 kB, less what is put around it).</summary>
    public const int MaxCharacters = 240_000;

    /// <summary>The most pieces of that size that one Workflow carries: Argo refuses to keep more than 1 MB of status in it.</summary>
    public const int MaxPieces = 3;

    /// <summary>About what so many pieces hold, whatever number of generators shares them; <c>tuner plan</c> refuses more.</summary>
    public static readonly TimeSpan LongestLoad = TimeSpan.FromHours(2);

    private const string Mark = "tuner-measurement-1:";

    public static string ToText(Measurement measurement)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write(MeasurementJson.WriteUtf8(measurement));
        }

        return Mark + Convert.ToBase64String(packed.ToArray());
    }

    /// <summary>The text in pieces that one parameter carries each; put together again they are the text.</summary>
    public static ImmutableArray<string> Pieces(string text) => [.. text.Chunk(MaxCharacters).Select(piece => new string(piece))];

    public static bool IsPack(string text) => text.StartsWith(Mark, StringComparison.Ordinal);

    /// <exception cref="FormatException">The text was not written by <see cref="ToText"/>, or lost its end on the way.</exception>
    public static Measurement FromText(string text)
    {
        if (!IsPack(text))
        {
            throw new FormatException($"This is not a packed measurement: it begins with '{text[..Math.Min(text.Length, 40)]}'.");
        }

        try
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text[Mark.Length..].Trim())), CompressionMode.Decompress);
            using var json = new MemoryStream();
            gzip.CopyTo(json);
            return MeasurementJson.ReadUtf8(json.ToArray());
        }
        catch (InvalidDataException exception)
        {
            throw new FormatException($"The packed measurement is damaged: {exception.Message}", exception);
        }
    }
}
