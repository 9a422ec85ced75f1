using System.Globalization;

namespace Tuner.Core.Definitions;

/// <summary>Whether a written value is of the kind that its place wants.</summary>
internal static class ScalarReading
{
    /// <summary>What is wrong with the value and its cure; null when it is fine.</summary>
    public static string? Problem(ScalarShape shape, ScalarNode node) => shape.Kind switch
    {
        ScalarKind.Text or ScalarKind.Value => null,
        ScalarKind.Choice => shape.Choices.Contains(node.Text) ? null : $"'{node.Text}' is not known here. {Spelling.Hint(node.Text, shape.Choices)}",
        ScalarKind.Boolean => Unquoted(node) ?? (node.Text is "true" or "false" ? null : $"'{node.Text}' is neither true nor false. Write true or false."),
        ScalarKind.Integer => Unquoted(node) ?? (Quantities.TryInteger(node.Text, out var whole, out var problem) ? Range(shape, whole, node.Text) : problem),
        ScalarKind.Number => Unquoted(node) ?? (Quantities.TryNumber(node.Text, out var number, out var problem) ? Range(shape, number, node.Text) : problem),
        ScalarKind.Duration => Quantities.TryDuration(node.Text, out _, out var problem) ? null : problem,
        ScalarKind.Rate => Quantities.TryRate(node.Text, out var rate, out var problem) ? rate > 0 ? null : $"{node.Text} sends nothing. Write a rate above zero, or remove the phase." : problem,
        ScalarKind.Share => Quantities.TryShare(node.Text, out var share, out var problem) ? Range(shape, share, node.Text) : problem,
        ScalarKind.Money => Quantities.TryMoney(node.Text, out _, out var problem) ? null : problem,
        _ => throw new InvalidOperationException($"Unknown kind of value {shape.Kind}."),
    };

    private static string? Unquoted(ScalarNode node) => node.Quoted ? $"\"{node.Text}\" in quotes is text. Remove the quotes." : null;

    private static string? Range(ScalarShape shape, double value, string written) =>
        value < shape.Min ? $"{written} is below the smallest value allowed, {Show(shape, shape.Min.Value)}. Raise it."
        : value > shape.Max ? $"{written} is above the largest value allowed, {Show(shape, shape.Max.Value)}. Lower it."
        : null;

    private static string Show(ScalarShape shape, double value) => shape.Kind is ScalarKind.Share
        ? $"{(value * 100).ToString("0.####", CultureInfo.InvariantCulture)}%"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
