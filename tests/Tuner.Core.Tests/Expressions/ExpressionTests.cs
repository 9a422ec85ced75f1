using Tuner.Core.Expressions;
using Tuner.Core.Space;

namespace Tuner.Core.Tests.Expressions;

public sealed class ExpressionTests
{
    private static readonly Dictionary<string, NameType> Names = new[]
    {
        NameType.Number("a"),
        NameType.OneOf("mode", [ParameterValue.Of("fast"), ParameterValue.Of("safe")]),
        NameType.OneOf("cache", [ParameterValue.Of("true"), ParameterValue.Of("false")]),
        NameType.OneOf("threads", [ParameterValue.Of("auto"), ParameterValue.Of("1")]),
    }.ToDictionary(name => name.Name, StringComparer.Ordinal);

    [Theory]
    [InlineData("1 + 2 * 3 == 7", true)]
    [InlineData("(1 + 2) * 3 == 9 and not 2 > 3", true)]
    [InlineData("-a * -1 == a", true)]
    [InlineData("min(a, 3) == 3 && max(1, a) == 8", true)]
    [InlineData("ceil(a / 3) == 3 and floor(a / 3) == 2 and log2(a) == 3 and a % 3 == 2", true)]
    [InlineData("mode == 'fast' or a < 0", true)]
    [InlineData("mode != \"fast\"", false)]
    [InlineData("1 / 0 > 5", true)]
    [InlineData("0 / 0 <= 5 or 0 / 0 > 5", false)]
    [InlineData("cache", true)]
    [InlineData("!cache || 1e3 == 1000", true)]
    public void Holds_as_arithmetic_says(string text, bool expected) => Assert.Equal(expected, Parse(text).Holds(Values));

    [Theory]
    [InlineData("mode > 2", "'mode' is text (fast, safe), and '>' works on numbers. Compare text with == or !=.")]
    [InlineData("threads > 1", "'threads' may be 'auto', which is no number, and '>' works on numbers. Compare it with == or !=, or list numbers only.")]
    [InlineData("mode == 3", "'==' compares text with a number, which are never equal.")]
    [InlineData("mode == \"fats\"", "'mode' is never 'fats'. Did you mean 'fast'?")]
    [InlineData("a", "'a' is a number, not a condition. Compare it with something, such as a > 0.")]
    [InlineData("a and a > 1", "'a' is a number, and 'and' works on conditions. Compare it, such as a > 0.")]
    [InlineData("b > 1", "'b' is not known here. Did you mean 'a'?")]
    public void Says_before_anything_runs_what_could_not_be_evaluated(string text, string problem) =>
        Assert.Equal(problem, FormulaTypes.Problem(Parse(text), FormulaType.Condition, Names));

    [Theory]
    [InlineData("threads == \"auto\" or threads == 1")]
    [InlineData("cache and a * 2 <= 16")]
    [InlineData("not (mode == \"safe\")")]
    public void Finds_nothing_wrong_with_what_can_be_evaluated(string text) =>
        Assert.Null(FormulaTypes.Problem(Parse(text), FormulaType.Condition, Names));

    private static ParameterValue? Values(string name) => name switch
    {
        "a" => ParameterValue.Of(8),
        "mode" => ParameterValue.Of("fast"),
        "cache" => ParameterValue.Of("true"),
        _ => null,
    };

    private static Expression Parse(string text) => Expression.TryParse(text, out var formula, out var error) ? formula : throw new InvalidOperationException(error);
}
