using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>A target template that the operator registered: what a submitted sweep may start.</summary>
public sealed record TargetView
{
    public required string Name { get; init; }

    /// <summary>Program and arguments, fixed but for their placeholders; secrets are hidden.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Names of the environment variables that it sets.</summary>
    public required ImmutableArray<string> Environment { get; init; }

    /// <summary>The values that a sweep may fill in, by parameter, in words: <c>int 1 to 16</c>, <c>fp32, int8</c>.</summary>
    public required ImmutableArray<ParameterSetting> Parameters { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }
}
