using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>A part of a list.</summary>
/// <param name="Next">The <c>after</c> that brings the next part; null on the last one.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? Next);
