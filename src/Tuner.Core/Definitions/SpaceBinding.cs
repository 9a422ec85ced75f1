using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Reads parameters, their conditions and the constraints between them.</summary>
internal static partial class SpaceBinding
{
    private const long Largest = 1_000_000_000_000_000;
    private static readonly string[] Reserved = ["true", "false", "and", "or", "not", "min", "max", "ceil", "floor", "log2", TemplateNames.Port, TemplateNames.Replica, "instance", "tuner"];

    /// <summary>The parameters in the order they were written, without their conditions.</summary>
    public static ImmutableArray<Parameter> Parameters(Section root)
    {
        var parameters = ImmutableArray.CreateBuilder<Parameter>();
        foreach (var (name, section) in root.Sections("parameters"))
        {
            if (!Name().IsMatch(name))
            {
                root.Problems.Error(section.Here, $"'{name}' cannot be used in formulas. Write letters, digits and underscores, such as {Regex.Replace(name, "[^A-Za-z0-9_]+", "_", RegexOptions.NonBacktracking)}.");
            }
            else if (Reserved.Contains(name, StringComparer.Ordinal))
            {
                root.Problems.Error(section.Here, $"'{name}' has a meaning of its own in formulas and templates. Choose another name.");
            }
            else if (Read(name, section) is { } parameter)
            {
                parameters.Add(parameter);
            }
        }

        return parameters.ToImmutable();
    }

    /// <summary>The parameters with their conditions; conditions with errors are left out.</summary>
    public static ImmutableArray<Parameter> WithConditions(Section root, ImmutableArray<Parameter> parameters, IReadOnlyDictionary<string, NameType> names)
    {
        var sections = root.Sections("parameters").ToDictionary(pair => pair.Key, pair => pair.Section, StringComparer.Ordinal);
        var result = parameters.Select(parameter => sections.TryGetValue(parameter.Name, out var section) && section.Text("when") is { } text
            ? parameter with { When = FormulaBinding.Read(text, FormulaType.Condition, names, section.At("when"), root.Problems) }
            : parameter).ToImmutableArray();
        foreach (var parameter in result.Where(parameter => DependsOn(parameter, parameter.Name, result, [])))
        {
            sections[parameter.Name].Error("when", $"'{parameter.When}' goes round in a circle back to '{parameter.Name}'. Remove one of the conditions.");
        }

        return result;
    }

    public static ImmutableArray<Constraint> Constraints(Section root, IReadOnlyDictionary<string, NameType> names) =>
    [
        .. root.Scalars("constraints")
            .Select(item => FormulaBinding.Read(item.Value.Text, FormulaType.Condition, names, item.Place, root.Problems))
            .OfType<Expression>()
            .Select(condition => new Constraint(condition)),
    ];

    /// <summary>What names mean in formulas over candidates.</summary>
    public static Dictionary<string, NameType> Names(ImmutableArray<Parameter> parameters, bool instances)
    {
        var names = parameters.Select(parameter => parameter is CategoricalParameter categorical
            ? NameType.OneOf(parameter.Name, categorical.Values)
            : NameType.Number(parameter.Name)).ToDictionary(name => name.Name, StringComparer.Ordinal);
        foreach (var attribute in instances ? TemplateNames.InstanceAttributes : [])
        {
            names[attribute] = NameType.Number(attribute);
        }

        return names;
    }

    private static bool DependsOn(Parameter parameter, string wanted, ImmutableArray<Parameter> all, HashSet<string> seen) =>
        parameter.When is { } condition && condition.Names.Any(name =>
            name == wanted || (seen.Add(name) && all.FirstOrDefault(other => other.Name == name) is { } next && DependsOn(next, wanted, all, seen)));

    private static Parameter? Read(string name, Section section)
    {
        var type = section.Text("type");
        if (section.Has("values"))
        {
            foreach (var key in new[] { "min", "max", "step", "scale" }.Where(section.Has))
            {
                section.Error(key, "does not go with a list of values. Keep the list, or the range.");
            }

            return Listed(name, type, section);
        }

        var written = section.Has("type");
        if (type is null && written)
        {
            return null;
        }

        if (type is null or "categorical")
        {
            section.Problems.Error(section.Here, section.Has("min") || section.Has("max")
                ? "has a range, but no type. Add type: int or type: real."
                : $"has no values. Write {name}: {{ values: [a, b] }}, or {name}: {{ type: int, min: 1, max: 8 }}.");
            return null;
        }

        foreach (var key in new[] { "min", "max" }.Where(key => !section.Has(key)))
        {
            section.Error(key, $"is missing. A parameter of type {type} needs min and max.");
        }

        return type is "int" ? Integer(name, section) : Real(name, section);
    }

    private static CategoricalParameter? Listed(string name, string? type, Section section)
    {
        var items = section.Scalars("values");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, value, place) in items)
        {
            if (!seen.Add(value.Text))
            {
                section.Problems.Error(place, $"'{value.Text}' is listed twice. Keep one of them.");
            }

            if (type is "int" && !Quantities.TryInteger(value.Text, out _, out var whole))
            {
                section.Problems.Error(place, $"{whole} The type is int.");
            }

            if (type is "real" && !Quantities.TryNumber(value.Text, out _, out var number))
            {
                section.Problems.Error(place, $"{number} The type is real.");
            }
        }

        return items.Count == 0 ? null : new CategoricalParameter(name, [.. items.Select(item => ParameterValue.Of(item.Value.Text))]);
    }

    private static IntegerParameter? Integer(string name, Section section)
    {
        var min = Whole(section, "min");
        var max = Whole(section, "max");
        var step = section.Has("step") ? Whole(section, "step") : 1;
        if (!Ordered(section, min, max) || step is null || Scaled(section, min) is not { } scale)
        {
            return null;
        }

        if (step <= 0 || (max - min) % step != 0)
        {
            section.Error("step", step <= 0
                ? $"{step} is not above zero. Write how far apart the values are."
                : $"max ({max}) is not reached from min ({min}) in steps of {step}. Use max {max - ((max - min) % step)} or {max - ((max - min) % step) + step}, or another step.");
            return null;
        }

        return new IntegerParameter(name, (long)min!, (long)max!) { Step = (long)step, Scale = scale };
    }

    private static RealParameter? Real(string name, Section section)
    {
        var min = section.Number("min");
        var max = section.Number("max");
        var step = section.Number("step");
        if (!Ordered(section, (decimal?)Bounded(section, "min", min), (decimal?)Bounded(section, "max", max)) || Scaled(section, (decimal?)min) is not { } scale)
        {
            return null;
        }

        if (section.Has("step") && (step is not (> 1e-9 and < Largest) || ((decimal)max! - (decimal)min!) % (decimal)step != 0))
        {
            if (step is not null)
            {
                section.Error("step", step <= 1e-9
                    ? $"{Show(step.Value)} is too small a step. Write how far apart the values are."
                    : $"max ({Show(max!.Value)}) is not reached from min ({Show(min!.Value)}) in steps of {Show(step.Value)}. Change max or step.");
            }

            return null;
        }

        return new RealParameter(name, min!.Value, max!.Value) { Step = step, Scale = scale };
    }

    private static decimal? Whole(Section section, string key)
    {
        if (section.Number(key) is not { } number)
        {
            return null;
        }

        if (number != Math.Floor(number) || Math.Abs(number) > Largest)
        {
            section.Error(key, number != Math.Floor(number)
                ? $"{Show(number)} is not a whole number, and the type is int. Round it, or write type: real."
                : $"{Show(number)} is beyond {Largest}. Choose a smaller one.");
            return null;
        }

        return (decimal)number;
    }

    private static double? Bounded(Section section, string key, double? value)
    {
        if (value is not { } number || Math.Abs(number) <= Largest)
        {
            return value;
        }

        section.Error(key, $"{Show(number)} is beyond {Largest}. Choose a smaller one.");
        return null;
    }

    private static bool Ordered(Section section, decimal? min, decimal? max)
    {
        if (min > max)
        {
            section.Error("max", $"{max} is below min ({min}). Swap them or raise max.");
        }

        return min <= max;
    }

    private static Scale? Scaled(Section section, decimal? min)
    {
        var scale = section.Text("scale") switch
        {
            "linear" => Scale.Linear,
            "log2" => Scale.Log2,
            "log10" => Scale.Log10,
            _ => (Scale?)null,
        };
        if (scale is Scale.Log2 or Scale.Log10 && min <= 0)
        {
            section.Error("min", $"{min} is not above zero, and a {section.Text("scale")} scale begins above zero. Raise min, or use the linear scale.");
            return null;
        }

        if (scale is Scale.Log2 or Scale.Log10 && section.Has("step"))
        {
            section.Error("step", $"goes with the linear scale; a {section.Text("scale")} scale goes by factors. Remove step or scale.");
            return null;
        }

        return scale;
    }

    private static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,62}\z")]
    private static partial Regex Name();
}
