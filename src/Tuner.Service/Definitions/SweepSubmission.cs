using System.Collections.Immutable;
using System.Text.Json;

namespace Tuner.Service.Definitions;

/// <summary>
/// Everything that a sweep was made from: its definition and the files it named, as they were when it was submitted.
/// The same sweep can be made from it at any time, whatever has become of the files.
/// </summary>
public sealed record SweepSubmission
{
    /// <summary>Name of the definition's file, without folder.</summary>
    public required string FileName { get; init; }

    /// <summary>The definition's text.</summary>
    public required string Definition { get; init; }

    /// <summary>Folder of the definition (full path), against which a process's working directory counts.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>Files that the definition named, by the name it used.</summary>
    public required ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; init; }

    /// <summary>The price book that counted where the definition named none: name and text.</summary>
    public required string PriceBookName { get; init; }

    public required string PriceBook { get; init; }

    /// <summary>As JSON, to be stored in one column.</summary>
    public string ToJson() => JsonSerializer.Serialize(new Stored(
        FileName, Definition, BaseDirectory, Files.ToDictionary(pair => pair.Key, pair => Convert.ToBase64String(pair.Value.Span)), PriceBookName, PriceBook));

    /// <exception cref="JsonException">The text was not written by <see cref="ToJson"/>.</exception>
    public static SweepSubmission FromJson(string json)
    {
        var stored = JsonSerializer.Deserialize<Stored>(json) ?? throw new JsonException("The stored submission is empty.");
        return new SweepSubmission
        {
            FileName = stored.FileName,
            Definition = stored.Definition,
            BaseDirectory = stored.BaseDirectory,
            Files = stored.Files.ToImmutableSortedDictionary(pair => pair.Key, pair => new ReadOnlyMemory<byte>(Convert.FromBase64String(pair.Value)), StringComparer.Ordinal),
            PriceBookName = stored.PriceBookName,
            PriceBook = stored.PriceBook,
        };
    }

    private sealed record Stored(string FileName, string Definition, string BaseDirectory, Dictionary<string, string> Files, string PriceBookName, string PriceBook);
}
