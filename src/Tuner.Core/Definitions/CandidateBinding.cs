using System.Collections.Immutable;
using Tuner.Core.Space;

namespace Tuner.Core.Definitions;

/// <summary>Reads a candidate that the user wrote, a baseline or one of a list, and checks that it belongs to the space.</summary>
internal static class CandidateBinding
{
    public static Candidate? Read(MappingNode node, Place place, SearchSpace space, ProblemList problems)
    {
        var before = problems.Errors;
        var names = space.Parameters.Select(parameter => parameter.Name).ToArray();
        foreach (var entry in node.Entries.Where(entry => !names.Contains(entry.Key.Text, StringComparer.Ordinal)))
        {
            problems.Error(Place.Of($"{place.Path}.{entry.Key.Text}", entry.Key), $"is no parameter. {Spelling.Hint(entry.Key.Text, names)}");
        }

        var values = new Dictionary<string, ParameterValue>(StringComparer.Ordinal);
        foreach (var parameter in space.Parameters)
        {
            if (node.Find(parameter.Name)?.Value is ScalarNode { IsEmpty: false } written)
            {
                Take(parameter, written, Place.Of($"{place.Path}.{parameter.Name}", written), values, problems);
            }
            else if (parameter.When is not null || parameter.GridSize() is 1)
            {
                values[parameter.Name] = parameter.First;
            }
            else if (node.Find(parameter.Name) is null)
            {
                problems.Error(place with { Path = $"{place.Path}.{parameter.Name}" }, $"is missing. Give every parameter a value; this one takes {Range(parameter)}.");
            }
        }

        if (problems.Errors > before || values.Count < space.Parameters.Length)
        {
            return null;
        }

        Conditions(node, place, space, values, problems);
        return problems.Errors > before
            ? null
            : new Candidate(space.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, values[parameter.Name])));
    }

    /// <summary>The values that a parameter takes, in words.</summary>
    public static string Range(Parameter parameter) => parameter switch
    {
        CategoricalParameter categorical => Spelling.List([.. categorical.Values.Select(value => value.Text)]),
        IntegerParameter { Scale: Scale.Linear, Step: 1 } whole => $"{whole.Min} to {whole.Max}",
        RealParameter { Step: null } real => $"{real.Min:R} to {real.Max:R}",
        _ when parameter.GridSize() <= 20 => string.Join(", ", parameter.Grid().Select(value => value.Text)),
        IntegerParameter whole => $"{whole.Min} to {whole.Max} in steps of {whole.Step}",
        RealParameter real => $"{real.Min:R} to {real.Max:R} in steps of {real.Step:R}",
        _ => throw new InvalidOperationException($"Unknown kind of parameter {parameter.GetType().Name}."),
    };

    private static void Take(Parameter parameter, ScalarNode written, Place place, Dictionary<string, ParameterValue> values, ProblemList problems)
    {
        if (parameter.Canonical(ParameterValue.Of(written.Text)) is { } value)
        {
            values[parameter.Name] = value;
            return;
        }

        var near = parameter is CategoricalParameter categorical ? Spelling.Nearest(written.Text, categorical.Values.Select(known => known.Text)) : null;
        problems.Error(place, $"'{written.Text}' is outside the space: {parameter.Name} takes {Range(parameter)}. {(near is null ? "Choose one of these, or widen the parameter." : $"Did you mean '{near}'?")}");
    }

    private static void Conditions(MappingNode node, Place place, SearchSpace space, Dictionary<string, ParameterValue> values, ProblemList problems)
    {
        ParameterValue? Lookup(string name) => values.TryGetValue(name, out var value) ? value
            : values.TryGetValue(SearchSpace.InstanceTypeParameter, out var instance) ? space.Instances.GetValueOrDefault(instance.Text)?.Attribute(name)
            : null;

        foreach (var parameter in space.Parameters.Where(parameter => parameter.When is not null))
        {
            var active = parameter.When!.Holds(Lookup);
            var entry = node.Find(parameter.Name);
            if (active && entry is null && parameter.GridSize() is not 1)
            {
                problems.Error(place with { Path = $"{place.Path}.{parameter.Name}" }, $"is missing, and '{parameter.When}' holds here. Give it a value: {Range(parameter)}.");
            }
            else if (!active && values[parameter.Name] != parameter.First)
            {
                problems.Error(Place.Of($"{place.Path}.{parameter.Name}", entry!.Value), $"'{values[parameter.Name]}' has no effect, since '{parameter.When}' does not hold here. Remove it.");
            }
        }

        foreach (var constraint in space.Constraints.Where(constraint => !constraint.Condition.Holds(Lookup)))
        {
            var figures = constraint.Condition.Names.Select(name => $"{name} is {Lookup(name)?.Text}");
            problems.Error(place, $"is outside the space: the constraint '{constraint.Text}' does not hold, where {string.Join(" and ", figures)}. Change a value, or the constraint.");
        }
    }
}
