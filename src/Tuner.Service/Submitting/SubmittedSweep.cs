using System.Collections.Immutable;

namespace Tuner.Service.Submitting;

/// <summary>A definition with its files, as a request carried them: checked names, unread contents.</summary>
public sealed record SubmittedSweep(string FileName, string Definition, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files);
