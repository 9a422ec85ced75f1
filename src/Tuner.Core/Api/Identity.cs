using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>Whom the service takes a caller for.</summary>
/// <param name="Projects">The projects that they see; empty means all.</param>
public sealed record Identity(string Name, KeyRole Role, ImmutableArray<string> Projects);
