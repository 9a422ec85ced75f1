using System.Collections.Frozen;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;

namespace Tuner.Core.Space;

/// <summary>
/// Walks through the combinations of a finite space, the last parameter varying fastest, without building candidates.
/// A condition is tested as soon as all of its parameters have a value, so that a combination that cannot hold is left
/// with everything below it. Memory does not grow with the space. Not thread-safe.
/// </summary>
internal sealed class SpaceCursor
{
    private const int CachedValues = 4096;

    private readonly SearchSpace space;
    private readonly ParameterValue[] values;
    private readonly long[] digits;
    private readonly long[] sizes;
    private readonly ParameterValue[]?[] cached;
    private readonly List<Func<bool>>[] tests;
    private readonly FrozenDictionary<string, int> slots;
    private readonly int instanceSlot;
    private int level;
    private bool ended;

    public SpaceCursor(SearchSpace space)
    {
        this.space = space;
        var count = space.Parameters.Length;
        values = new ParameterValue[count];
        digits = new long[count];
        sizes = [.. space.Parameters.Select(parameter => parameter.GridSize() ?? throw new InvalidOperationException($"Parameter '{parameter.Name}' is a continuum."))];
        cached = [.. space.Parameters.Select((parameter, index) => sizes[index] <= CachedValues ? parameter.Grid().ToArray() : null)];
        slots = space.Parameters.Select((parameter, index) => KeyValuePair.Create(parameter.Name, index)).ToFrozenDictionary(StringComparer.Ordinal);
        instanceSlot = slots.GetValueOrDefault(SearchSpace.InstanceTypeParameter, -1);
        Lookup = Find;
        tests = [.. Enumerable.Range(0, Math.Max(count, 1)).Select(_ => new List<Func<bool>>())];
        PlaceTests();
        digits.AsSpan().Fill(-1);
    }

    /// <summary>The values where the cursor stands, by name; what a formula sees.</summary>
    public Func<string, ParameterValue?> Lookup { get; }

    public InstanceType? Instance => instanceSlot >= 0 ? space.Instances.GetValueOrDefault(values[instanceSlot].Text) : null;

    /// <summary>Steps taken so far: the work done, not the candidates seen.</summary>
    public long Steps { get; private set; }

    /// <summary>Moves to the next candidate; false at the end, or when <paramref name="maxSteps"/> are used up.</summary>
    public bool Next(long maxSteps = long.MaxValue)
    {
        if (values.Length == 0)
        {
            // The empty space has exactly one candidate, without parameters.
            var first = !ended && tests[0].TrueForAll(test => test());
            ended = true;
            return first;
        }

        while (!ended && Steps < maxSteps)
        {
            Steps++;
            if (++digits[level] >= sizes[level])
            {
                digits[level] = -1;
                ended = --level < 0;
                continue;
            }

            values[level] = cached[level] is { } grid ? grid[digits[level]] : space.Parameters[level].ValueAt(digits[level]);
            if (!tests[level].TrueForAll(test => test()))
            {
                continue;
            }

            if (level == values.Length - 1)
            {
                return true;
            }

            level++;
        }

        return false;
    }

    public Candidate Candidate() => new(space.Parameters.Select((parameter, index) => KeyValuePair.Create(parameter.Name, values[index])));

    private void PlaceTests()
    {
        foreach (var constraint in space.Constraints)
        {
            tests[LevelOf(constraint.Condition)].Add(() => constraint.Condition.Holds(Lookup));
        }

        for (var index = 0; index < values.Length; index++)
        {
            if (space.Parameters[index].When is { } condition)
            {
                // A combination with a varied inactive parameter stands for the same candidate as the one without.
                var slot = index;
                var first = space.Parameters[index].First;
                tests[Math.Max(index, LevelOf(condition))].Add(() => values[slot] == first || condition.Holds(Lookup));
            }
        }
    }

    private int LevelOf(Expression condition) => condition.Names
        .Select(name => slots.TryGetValue(name, out var slot) ? slot : Math.Max(instanceSlot, 0))
        .DefaultIfEmpty(0)
        .Max();

    private ParameterValue? Find(string name) => slots.TryGetValue(name, out var slot) ? values[slot] : Instance?.Attribute(name);
}
