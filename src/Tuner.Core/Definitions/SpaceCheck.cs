using System.Globalization;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Checks what only the space as a whole can show: that a candidate is left, and that each has a price.</summary>
internal static class SpaceCheck
{
    private const long MaxSteps = 3_000_000;

    public static void Check(Section root, SearchSpace space, SearchSettings search, CostModel cost)
    {
        if (root.Problems.HasErrors)
        {
            return;
        }

        if (search.Strategy is "grid" && !space.IsFinite)
        {
            var endless = space.Parameters.First(parameter => parameter.GridSize() is null).Name;
            root.Problems.Error(root.Sub("search").At("strategy"), $"a grid cannot go through '{endless}', which takes any real number. Give it a step, or use the strategy random.");
            return;
        }

        if (space.IsFinite && space.Listed is null && IsEmpty(space))
        {
            var culprits = space.Constraints.Where(constraint => IsEmpty(space with { Constraints = [constraint] })).Select(constraint => $"'{constraint.Text}'").ToArray();
            root.Problems.Error(
                root.At("constraints"),
                $"no candidate is left: of {space.Combinations!.Value.ToString("N0", CultureInfo.InvariantCulture)} combinations none satisfies {(culprits.Length > 0 ? string.Join(" or ", culprits) : "all constraints together")}. Widen a parameter, or loosen a constraint.");
            return;
        }

        if (Price(space, cost) is { } problem)
        {
            root.Problems.Error(root.Sub("cost").At("instances"), problem);
        }
    }

    private static bool IsEmpty(SearchSpace space)
    {
        var cursor = new SpaceCursor(space);
        return !cursor.Next(MaxSteps) && cursor.Steps < MaxSteps;
    }

    /// <summary>Every combination of the parameters that the price depends on has a price above zero.</summary>
    private static string? Price(SearchSpace space, CostModel cost)
    {
        var formulas = cost switch
        {
            CostModel.ByInstance model => new[] { model.Instances },
            CostModel.ByResource model => [model.Vcpus, model.MemoryGib],
            _ => throw new InvalidOperationException($"Unknown cost model {cost.GetType().Name}."),
        };
        var names = formulas.SelectMany(formula => formula.Names).ToHashSet(StringComparer.Ordinal);
        var priced = space with
        {
            Listed = null,
            Constraints = [],
            Parameters = [.. space.Parameters.Where(parameter => names.Contains(parameter.Name) || parameter.Name == SearchSpace.InstanceTypeParameter).Select(parameter => parameter with { When = null })],
        };
        if (!priced.IsFinite)
        {
            return null;
        }

        var cursor = new SpaceCursor(priced);
        while (cursor.Next(MaxSteps))
        {
            var bad = formulas.FirstOrDefault(formula => !Positive(formula, cursor.Lookup));
            if (bad is not null)
            {
                var figures = string.Join(", ", bad.Names.Select(name => $"{name} = {cursor.Lookup(name)}"));
                return $"'{bad.Text}' is not above zero{(figures.Length > 0 ? $" where {figures}" : "")}, and nothing is free. Change the formula or the parameter.";
            }
        }

        return null;
    }

    private static bool Positive(Expression formula, Func<string, ParameterValue?> lookup)
    {
        try
        {
            return formula.Number(lookup) is > 0 and < 1e12;
        }
        catch (ExpressionException)
        {
            return false;
        }
    }
}
