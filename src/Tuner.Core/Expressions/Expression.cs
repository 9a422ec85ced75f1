using System.Collections.Immutable;
using Tuner.Core.Space;

namespace Tuner.Core.Expressions;

/// <summary>
/// A small formula over named values: numbers, quoted text, names (with dots), + - * / %, comparisons, and, or, not,
/// and the functions min, max, ceil, floor, log2. Used by <c>when</c>, constraints and cost.
/// </summary>
public sealed class Expression
{
    internal Expression(string text, ExpressionNode root, ImmutableArray<string> names)
    {
        Text = text;
        Root = root;
        Names = names;
    }

    /// <summary>The formula as it was written.</summary>
    public string Text { get; }

    /// <summary>The names it refers to, each once.</summary>
    public ImmutableArray<string> Names { get; }

    internal ExpressionNode Root { get; }

    /// <summary>Reads a formula; the error names the place and what was expected there.</summary>
    public static bool TryParse(string text, out Expression expression, out string error) =>
        ExpressionParser.TryParse(text, out expression, out error);

    /// <summary>Whether the condition holds. A comparison with what a division by zero gives does not.</summary>
    /// <exception cref="ExpressionException">A name has no value, or text stands where a number is needed.</exception>
    public bool Holds(Func<string, ParameterValue?> lookup) => Root.Evaluate(lookup).IsTrue;

    /// <summary>The formula's value as a number.</summary>
    /// <exception cref="ExpressionException">A name has no value, or the result is no finite number.</exception>
    public double Number(Func<string, ParameterValue?> lookup) => Root.Evaluate(lookup).AsNumber(Text) is var number && double.IsFinite(number)
        ? number
        : throw new ExpressionException($"'{Text}' is not a finite number here.");

    public override string ToString() => Text;
}

/// <summary>A formula could not be evaluated with the values it was given.</summary>
public sealed class ExpressionException(string message) : Exception(message);
