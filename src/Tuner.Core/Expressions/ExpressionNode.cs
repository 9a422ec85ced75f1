using System.Globalization;
using Tuner.Core.Space;

namespace Tuner.Core.Expressions;

/// <summary>A value inside a formula: a number, or text that is none.</summary>
internal readonly record struct ExpressionValue(double? Number, string? Text)
{
    public bool IsTrue => Number is { } number ? number != 0 : string.Equals(Text, "true", StringComparison.Ordinal);

    public static ExpressionValue Of(double number) => new(number, null);

    public static ExpressionValue Of(bool value) => new(value ? 1 : 0, null);

    public static ExpressionValue Of(string text) => new(null, text);

    public double AsNumber(string where) => Number ?? throw new ExpressionException($"'{Text}' in '{where}' is not a number.");

    public bool SameAs(ExpressionValue other) =>
        Number is { } left && other.Number is { } right
            ? left.Equals(right)
            : string.Equals(Shown, other.Shown, StringComparison.Ordinal);

    private string Shown => Text ?? Number?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A node of a parsed formula.</summary>
internal abstract record ExpressionNode
{
    public abstract ExpressionValue Evaluate(Func<string, ParameterValue?> lookup);
}

internal sealed record LiteralNode(ExpressionValue Value) : ExpressionNode
{
    public override ExpressionValue Evaluate(Func<string, ParameterValue?> lookup) => Value;
}

internal sealed record NameNode(string Name) : ExpressionNode
{
    public override ExpressionValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var value = lookup(Name) ?? throw new ExpressionException($"'{Name}' has no value here.");
        return new ExpressionValue(value.Number, value.Text);
    }
}

internal sealed record NegateNode(ExpressionNode Operand) : ExpressionNode
{
    public override ExpressionValue Evaluate(Func<string, ParameterValue?> lookup) => ExpressionValue.Of(-Operand.Evaluate(lookup).AsNumber("-"));
}

internal sealed record NotNode(ExpressionNode Operand) : ExpressionNode
{
    public override ExpressionValue Evaluate(Func<string, ParameterValue?> lookup) => ExpressionValue.Of(!Operand.Evaluate(lookup).IsTrue);
}

internal sealed record BinaryNode(string Operator, ExpressionNode Left, ExpressionNode Right) : ExpressionNode
{
    public override ExpressionValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var left = Left.Evaluate(lookup);
        if (Operator is "and")
        {
            return ExpressionValue.Of(left.IsTrue && Right.Evaluate(lookup).IsTrue);
        }

        if (Operator is "or")
        {
            return ExpressionValue.Of(left.IsTrue || Right.Evaluate(lookup).IsTrue);
        }

        var right = Right.Evaluate(lookup);
        return Operator switch
        {
            "==" => ExpressionValue.Of(left.SameAs(right)),
            "!=" => ExpressionValue.Of(!left.SameAs(right)),
            "<" => ExpressionValue.Of(left.AsNumber(Operator) < right.AsNumber(Operator)),
            "<=" => ExpressionValue.Of(left.AsNumber(Operator) <= right.AsNumber(Operator)),
            ">" => ExpressionValue.Of(left.AsNumber(Operator) > right.AsNumber(Operator)),
            ">=" => ExpressionValue.Of(left.AsNumber(Operator) >= right.AsNumber(Operator)),
            "+" => ExpressionValue.Of(left.AsNumber(Operator) + right.AsNumber(Operator)),
            "-" => ExpressionValue.Of(left.AsNumber(Operator) - right.AsNumber(Operator)),
            "*" => ExpressionValue.Of(left.AsNumber(Operator) * right.AsNumber(Operator)),
            "/" => ExpressionValue.Of(left.AsNumber(Operator) / right.AsNumber(Operator)),
            "%" => ExpressionValue.Of(left.AsNumber(Operator) % right.AsNumber(Operator)),
            _ => throw new InvalidOperationException($"Unknown operator '{Operator}'."),
        };
    }
}

internal sealed record CallNode(string Function, System.Collections.Immutable.ImmutableArray<ExpressionNode> Arguments) : ExpressionNode
{
    public override ExpressionValue Evaluate(Func<string, ParameterValue?> lookup)
    {
        var values = Arguments.Select(argument => argument.Evaluate(lookup).AsNumber(Function));
        return ExpressionValue.Of(Function switch
        {
            "min" => values.Min(),
            "max" => values.Max(),
            "ceil" => Math.Ceiling(values.Single()),
            "floor" => Math.Floor(values.Single()),
            "log2" => Math.Log2(values.Single()),
            _ => throw new InvalidOperationException($"Unknown function '{Function}'."),
        });
    }
}
