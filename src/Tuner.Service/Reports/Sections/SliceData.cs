using System.Collections.Immutable;

namespace Tuner.Service.Reports.Sections;

/// <summary>Every measured candidate by one parameter's value.</summary>
public sealed record SliceData(string Parameter, ImmutableArray<SliceValue> Values);

/// <summary>One value of the parameter and the candidates that have it.</summary>
public sealed record SliceValue(string Value, ImmutableArray<SlicePoint> Candidates);

/// <summary>A candidate and its latency by the report's metric, in seconds.</summary>
public sealed record SlicePoint(string Key, double LatencySeconds, Standing Standing);
