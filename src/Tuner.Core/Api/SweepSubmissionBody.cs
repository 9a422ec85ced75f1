using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>A sweep as it is submitted in JSON, with the files that it names.</summary>
public sealed record SweepSubmissionBody
{
    /// <summary>The definition's text, YAML or JSON.</summary>
    public required string Definition { get; init; }

    /// <summary>The name of the definition's file, for messages and as the sweep's name where it has none.</summary>
    public string FileName { get; init; } = "sweep.yaml";

    /// <summary>Files by the name that the definition uses for them, relative to it; contents in base64.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
