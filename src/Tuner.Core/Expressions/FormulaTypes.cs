using System.Collections.Immutable;
using Tuner.Core.Definitions;
using Tuner.Core.Space;

namespace Tuner.Core.Expressions;

/// <summary>What a name in a formula can stand for.</summary>
public sealed record NameType(string Name, FormulaType Type, ImmutableArray<ParameterValue> Values)
{
    public static NameType Number(string name) => new(name, FormulaType.Number, []);

    /// <summary>The type of a parameter that takes one of the values: numbers, true and false, other text, or a mixture.</summary>
    public static NameType OneOf(string name, ImmutableArray<ParameterValue> values) => new(
        name,
        values.All(value => value.Number is not null) ? FormulaType.Number
            : values.All(value => value.Text is "true" or "false") ? FormulaType.Condition
            : values.Any(value => value.Number is not null) ? FormulaType.Mixed
            : FormulaType.Text,
        values);
}

/// <summary>What a part of a formula yields.</summary>
public enum FormulaType
{
    Number,
    Text,
    Condition,

    /// <summary>Numbers for some candidates, text for others.</summary>
    Mixed,
}

/// <summary>Finds at validation what would go wrong while a formula is evaluated: unknown names, text among numbers.</summary>
public static class FormulaTypes
{
    /// <summary>What is wrong with the formula and its cure; null when it yields what is wanted for every candidate.</summary>
    public static string? Problem(Expression formula, FormulaType wanted, IReadOnlyDictionary<string, NameType> names)
    {
        var unknown = formula.Names.Where(name => !names.ContainsKey(name)).Select(name => Unknown(name, names)).ToArray();
        if (unknown.Length > 0)
        {
            return string.Join(' ', unknown);
        }

        try
        {
            var found = TypeOf(formula.Root, names);
            return found == wanted ? null
                : wanted is FormulaType.Condition ? $"'{formula.Text}' is {Word(found)}, not a condition. Compare it with something, such as {formula.Text} > 0."
                : $"'{formula.Text}' is {Word(found)}, not a number.";
        }
        catch (ExpressionException exception)
        {
            return exception.Message;
        }
    }

    private static FormulaType TypeOf(ExpressionNode node, IReadOnlyDictionary<string, NameType> names) => node switch
    {
        LiteralNode { Value.Number: not null } => FormulaType.Number,
        LiteralNode { Value.Text: "true" or "false" } => FormulaType.Condition,
        LiteralNode => FormulaType.Text,
        NameNode name => names[name.Name].Type,
        NegateNode negate => Demand(negate.Operand, FormulaType.Number, "-", names),
        NotNode not => Demand(not.Operand, FormulaType.Condition, "not", names),
        CallNode call => call.Arguments.Select(argument => Demand(argument, FormulaType.Number, call.Function, names)).Last(),
        BinaryNode { Operator: "and" or "or" } both => Both(both, FormulaType.Condition, names),
        BinaryNode { Operator: "==" or "!=" } equality => Equality(equality, names),
        BinaryNode { Operator: "<" or "<=" or ">" or ">=" } order => Both(order, FormulaType.Number, names) is var _ ? FormulaType.Condition : default,
        BinaryNode arithmetic => Both(arithmetic, FormulaType.Number, names),
        _ => throw new InvalidOperationException($"Unknown part of a formula {node.GetType().Name}."),
    };

    private static string Unknown(string name, IReadOnlyDictionary<string, NameType> names) =>
        names.Values.FirstOrDefault(other => other.Values.Any(value => value.Text == name)) is { } text
            ? $"'{name}' is no parameter, but a value of '{text.Name}'. Put text in quotes: \"{name}\"."
            : $"'{name}' is not known here. {Spelling.Hint(name, [.. names.Keys.Order(StringComparer.Ordinal)])}";

    private static FormulaType Both(BinaryNode node, FormulaType wanted, IReadOnlyDictionary<string, NameType> names)
    {
        Demand(node.Left, wanted, node.Operator, names);
        return Demand(node.Right, wanted, node.Operator, names);
    }

    private static FormulaType Demand(ExpressionNode node, FormulaType wanted, string user, IReadOnlyDictionary<string, NameType> names)
    {
        var found = TypeOf(node, names);
        if (found == wanted)
        {
            return found;
        }

        var needs = wanted is FormulaType.Number ? "numbers" : "conditions";
        throw new ExpressionException(node switch
        {
            NameNode name when found is FormulaType.Mixed =>
                $"'{name.Name}' may be '{names[name.Name].Values.First(value => value.Number is null).Text}', which is no number, and '{user}' works on {needs}. Compare it with == or !=, or list numbers only.",
            NameNode name when found is FormulaType.Text =>
                $"'{name.Name}' is text ({Spelling.List([.. names[name.Name].Values.Select(value => value.Text)])}), and '{user}' works on {needs}. Compare text with == or !=.",
            NameNode name => $"'{name.Name}' is {Word(found)}, and '{user}' works on {needs}.{(wanted is FormulaType.Condition ? $" Compare it, such as {name.Name} > 0." : "")}",
            LiteralNode literal => $"'{literal.Value.Text ?? literal.Value.Number?.ToString("R")}' is {Word(found)}, and '{user}' works on {needs}.",
            _ => $"'{user}' works on {needs}, and one side of it is {Word(found)}.",
        });
    }

    private static FormulaType Equality(BinaryNode node, IReadOnlyDictionary<string, NameType> names)
    {
        var left = TypeOf(node.Left, names);
        var right = TypeOf(node.Right, names);
        if (left != right && left is not FormulaType.Mixed && right is not FormulaType.Mixed)
        {
            throw new ExpressionException($"'{node.Operator}' compares {Word(left)} with {Word(right)}, which are never equal.");
        }

        Reachable(node.Left, node.Right, names);
        Reachable(node.Right, node.Left, names);
        return FormulaType.Condition;
    }

    /// <summary>A listed parameter compared with text that it never takes is a slip of the pen.</summary>
    private static void Reachable(ExpressionNode name, ExpressionNode literal, IReadOnlyDictionary<string, NameType> names)
    {
        if (name is not NameNode { Name: var parameter } || literal is not LiteralNode { Value: var value } || names[parameter].Values is not { IsEmpty: false } values)
        {
            return;
        }

        if (!values.Any(known => value.SameAs(new ExpressionValue(known.Number, known.Text))))
        {
            var written = value.Text ?? value.Number!.Value.ToString("R");
            throw new ExpressionException($"'{parameter}' is never '{written}'. {Spelling.Hint(written, [.. values.Select(known => known.Text)])}");
        }
    }

    private static string Word(FormulaType type) => type switch
    {
        FormulaType.Number => "a number",
        FormulaType.Text => "text",
        FormulaType.Condition => "a condition",
        _ => "text for some candidates",
    };
}
