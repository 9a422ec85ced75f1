using System.Collections.Immutable;
using System.Numerics;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;

namespace Tuner.Core.Space;

/// <summary>
/// The knobs, the constraints between them, and the machine sizes they may name. A candidate belongs to the space when
/// its values do, every inactive parameter has its first value, and every constraint holds.
/// </summary>
public sealed record SearchSpace
{
    /// <summary>The parameter whose values are names of instance types.</summary>
    public const string InstanceTypeParameter = "instanceType";

    public required ImmutableArray<Parameter> Parameters { get; init; }

    public ImmutableArray<Constraint> Constraints { get; init; } = [];

    /// <summary>The instance types that candidates may name, by name.</summary>
    public ImmutableDictionary<string, InstanceType> Instances { get; init; } = ImmutableDictionary<string, InstanceType>.Empty;

    /// <summary>The only candidates there are, where the user listed them; null where the parameters' product counts.</summary>
    public ImmutableArray<Candidate>? Listed { get; init; }

    /// <summary>True when the space can be enumerated.</summary>
    public bool IsFinite => Listed is not null || Parameters.All(parameter => parameter.GridSize() is not null);

    /// <summary>The number of combinations before constraints and conditions; null for an infinite space.</summary>
    public BigInteger? Combinations => Listed is { } listed
        ? listed.Length
        : IsFinite ? Parameters.Aggregate(BigInteger.One, (product, parameter) => product * parameter.GridSize()!.Value) : null;

    /// <summary>
    /// All candidates of a finite space, each once, lazily, the last parameter varying fastest. An inactive parameter is
    /// not varied.
    /// </summary>
    /// <exception cref="InvalidOperationException">The space is infinite.</exception>
    public IEnumerable<Candidate> Enumerate()
    {
        if (Listed is { } listed)
        {
            return listed;
        }

        return IsFinite
            ? Product()
            : throw new InvalidOperationException("A space with a real parameter that has no step cannot be enumerated.");
    }

    /// <summary>
    /// The candidate at these grid positions or unit coordinates: each coordinate, 0 to 1, picks a value of its parameter;
    /// inactive parameters are set to their first value. Null when a constraint does not hold.
    /// </summary>
    public Candidate? At(IReadOnlyList<double> unitCoordinates)
    {
        var values = new ParameterValue[Parameters.Length];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Parameters[index].AtUnit(unitCoordinates[index]);
        }

        Normalize(values);
        return Satisfies(values) ? ToCandidate(values) : null;
    }

    /// <summary>Whether the candidate is one of this space.</summary>
    public bool Contains(Candidate candidate)
    {
        if (Listed is { } listed)
        {
            return listed.Contains(candidate);
        }

        var values = new ParameterValue[Parameters.Length];
        for (var index = 0; index < values.Length; index++)
        {
            if (candidate.Find(Parameters[index].Name) is not { } value || !Parameters[index].Allows(value))
            {
                return false;
            }

            values[index] = value;
        }

        return candidate.Values.Length == values.Length && IsNormal(values) && Satisfies(values);
    }

    /// <summary>The instance type that the candidate names, or null where the space has no such parameter.</summary>
    public InstanceType? InstanceOf(Candidate candidate) =>
        candidate.Find(InstanceTypeParameter) is { } name ? Instances.GetValueOrDefault(name.Text) : null;

    /// <summary>What a formula may ask of a candidate: its parameters, and <c>instance.vcpus</c>, <c>instance.memory</c>, <c>instance.price</c>, <c>instance.accelerators</c>.</summary>
    public ParameterValue? Lookup(Candidate candidate, string name) =>
        candidate.Find(name) ?? (InstanceOf(candidate) is { } instance ? instance.Attribute(name) : null);

    private IEnumerable<Candidate> Product()
    {
        var cursor = new SpaceCursor(this);
        while (cursor.Next())
        {
            yield return cursor.Candidate();
        }
    }

    // Conditions may refer to parameters that are inactive themselves: those are settled first.
    private IEnumerable<int> ByDependency()
    {
        var settled = new bool[Parameters.Length];
        for (var round = 0; round < Parameters.Length && settled.Contains(false); round++)
        {
            for (var index = 0; index < Parameters.Length; index++)
            {
                var open = Parameters.Where((_, other) => !settled[other]).Select(parameter => parameter.Name);
                if (!settled[index] && (Parameters[index].When is not { } condition || !condition.Names.Intersect(open, StringComparer.Ordinal).Any()))
                {
                    settled[index] = true;
                    yield return index;
                }
            }
        }
    }

    private void Normalize(ParameterValue[] values)
    {
        if (Parameters.All(parameter => parameter.When is null))
        {
            return;
        }

        foreach (var index in ByDependency())
        {
            if (Parameters[index].When is { } condition && !Holds(condition, values))
            {
                values[index] = Parameters[index].First;
            }
        }
    }

    private bool IsNormal(ParameterValue[] values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (Parameters[index].When is { } condition && values[index] != Parameters[index].First && !Holds(condition, values))
            {
                return false;
            }
        }

        return true;
    }

    private bool Satisfies(ParameterValue[] values)
    {
        foreach (var constraint in Constraints)
        {
            if (!Holds(constraint.Condition, values))
            {
                return false;
            }
        }

        return true;
    }

    private bool Holds(Expression condition, ParameterValue[] values) => condition.Holds(name => Lookup(values, name));

    private ParameterValue? Lookup(ParameterValue[] values, string name)
    {
        for (var index = 0; index < values.Length; index++)
        {
            if (string.Equals(Parameters[index].Name, name, StringComparison.Ordinal))
            {
                return values[index];
            }
        }

        return name.StartsWith("instance.", StringComparison.Ordinal) && Lookup(values, InstanceTypeParameter) is { } instance
            ? Instances.GetValueOrDefault(instance.Text)?.Attribute(name)
            : null;
    }

    private Candidate ToCandidate(ParameterValue[] values) =>
        new(Parameters.Select((parameter, index) => KeyValuePair.Create(parameter.Name, values[index])));
}
