using System.Collections.Immutable;

namespace Tuner.Core.Search;

/// <summary>What a user or a catalog knows of a parameter before anything runs: prior knowledge for a model, never a constraint.</summary>
public sealed record ParameterHint
{
    /// <summary>True where a larger value can be expected to serve faster, false where slower, null where nobody knows.</summary>
    public bool? MoreIsFaster { get; init; }

    /// <summary>For a categorical parameter: numbers behind each of its values, such as the memory of an instance type.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, double>> Attributes { get; init; } =
        ImmutableDictionary<string, ImmutableDictionary<string, double>>.Empty;
}
