using System.Collections.Immutable;

namespace Tuner.Core.Space;

/// <summary>One value for every parameter of the space, in the order of the space. Equal when all values are.</summary>
public sealed class Candidate : IEquatable<Candidate>
{
    private readonly ImmutableArray<KeyValuePair<string, ParameterValue>> values;

    public Candidate(IEnumerable<KeyValuePair<string, ParameterValue>> values)
    {
        this.values = [.. values];
        Key = string.Join(' ', this.values.Select(pair => $"{pair.Key}={pair.Value.Text}"));
    }

    public ImmutableArray<KeyValuePair<string, ParameterValue>> Values => values;

    /// <summary>The candidate as one line, <c>workers=2 threads=4</c>: unique within its space, and what people read.</summary>
    public string Key { get; }

    /// <exception cref="KeyNotFoundException">The space has no parameter of that name.</exception>
    public ParameterValue this[string name] =>
        Find(name) ?? throw new KeyNotFoundException($"The candidate '{Key}' has no parameter '{name}'.");

    public ParameterValue? Find(string name)
    {
        foreach (var pair in values)
        {
            if (string.Equals(pair.Key, name, StringComparison.Ordinal))
            {
                return pair.Value;
            }
        }

        return null;
    }

    public bool Equals(Candidate? other) => other is not null && string.Equals(Key, other.Key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Candidate);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Key;
}
