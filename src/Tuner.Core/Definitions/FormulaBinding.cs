using Tuner.Core.Expressions;

namespace Tuner.Core.Definitions;

/// <summary>Reads a formula at its place in the document.</summary>
internal static class FormulaBinding
{
    /// <summary>The formula, or null with its errors reported.</summary>
    public static Expression? Read(string text, FormulaType wanted, IReadOnlyDictionary<string, NameType> names, Place place, ProblemList problems)
    {
        if (!Expression.TryParse(text, out var formula, out var error))
        {
            problems.Error(place, text.Contains("{{", StringComparison.Ordinal)
                ? $"'{text}' is a formula, where names stand without braces. Write {text.Replace("{{", "", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal).Trim()}."
                : $"'{text}' cannot be read: {error}.{(text.Contains(" = ", StringComparison.Ordinal) ? " Write == to compare." : "")}");
            return null;
        }

        if (FormulaTypes.Problem(formula, wanted, names) is { } problem)
        {
            problems.Error(place, problem);
            return null;
        }

        return formula;
    }
}
