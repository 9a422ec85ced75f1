using System.Collections.Immutable;
using Tuner.Core.Expressions;

namespace Tuner.Core.Space;

/// <summary>
/// One knob of the search space. Where <see cref="When"/> does not hold, the parameter has no effect:
/// it keeps its first value and is not varied, so that a candidate always has one value for every parameter.
/// </summary>
public abstract record Parameter(string Name)
{
    public Expression? When { get; init; }
}

/// <summary>
/// Whole numbers from Min to Max, both included. Linear: every Step-th from Min. Log2 and Log10: Min, then by
/// factors of 2 or 10, and Max.
/// </summary>
public sealed record IntegerParameter(string Name, long Min, long Max) : Parameter(Name)
{
    public long Step { get; init; } = 1;

    public Scale Scale { get; init; }
}

/// <summary>Real numbers from Min to Max, both included; a Step makes it a finite set.</summary>
public sealed record RealParameter(string Name, double Min, double Max) : Parameter(Name)
{
    public double? Step { get; init; }

    public Scale Scale { get; init; }
}

/// <summary>The listed values; numbers among them are ordered by their value, not by their place.</summary>
public sealed record CategoricalParameter(string Name, ImmutableArray<ParameterValue> Values) : Parameter(Name);
