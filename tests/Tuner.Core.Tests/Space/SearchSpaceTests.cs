using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;
using Tuner.Core.Space;

namespace Tuner.Core.Tests.Space;

public sealed class SearchSpaceTests
{
    private static readonly ImmutableDictionary<string, InstanceType> Sizes = new[] { ("small", 0.5), ("large", 4.0) }
        .ToImmutableDictionary(size => size.Item1, size => new InstanceType { Name = size.Item1, Vcpus = size.Item2, MemoryGib = 1, PricePerHour = 1 });

    [Fact]
    public void Finds_the_coordinate_of_every_value_that_a_coordinate_gives()
    {
        Parameter[] parameters =
        [
            new IntegerParameter("linear", 3, 21) { Step = 3 },
            new IntegerParameter("powers", 1, 48) { Scale = Scale.Log2 },
            new RealParameter("stepped", 0.1, 0.9) { Step = 0.2 },
            new RealParameter("free", 2, 50),
            new RealParameter("wide", 0.01, 100) { Scale = Scale.Log10 },
            new CategoricalParameter("named", [ParameterValue.Of("a"), ParameterValue.Of("b"), ParameterValue.Of("c")]),
        ];

        foreach (var parameter in parameters)
        {
            foreach (var coordinate in new[] { 0, 0.2, 0.55, 0.999 })
            {
                var value = parameter.AtUnit(coordinate);
                var again = parameter.AtUnit(parameter.CoordinateOf(value));
                Assert.True(value == again || Math.Abs((value.Number!.Value / again.Number!.Value) - 1) < 1e-12, $"{parameter.Name}: {value.Text} and {again.Text}");
            }
        }
    }

    [Fact]
    public void Walks_through_exactly_the_combinations_that_hold_each_once()
    {
        var space = Space();

        var walked = space.Enumerate().Select(candidate => candidate.Key).ToArray();

        Assert.Equal(Brute(space).Order(StringComparer.Ordinal), walked.Order(StringComparer.Ordinal));
        Assert.Equal(walked.Length, walked.Distinct(StringComparer.Ordinal).Count());
        Assert.All(space.Enumerate(), candidate => Assert.True(space.Contains(candidate)));
    }

    [Fact]
    public void An_inactive_parameter_keeps_its_first_value_also_when_the_condition_stands_on_a_later_parameter()
    {
        var space = new SearchSpace
        {
            Parameters =
            [
                new IntegerParameter("delay", 0, 20) { Step = 5, When = Formula("batch > 1") },
                new IntegerParameter("batch", 1, 4) { When = Formula("mode == \"fast\"") },
                new CategoricalParameter("mode", [ParameterValue.Of("safe"), ParameterValue.Of("fast")]),
            ],
        };

        Assert.Equal(1 + 1 + (3 * 5), space.Enumerate().Count());
        Assert.Equal("delay=0 batch=1 mode=safe", space.At([0.9, 0.9, 0.1])!.Key);
        Assert.Equal("delay=20 batch=4 mode=fast", space.At([0.9, 0.9, 0.9])!.Key);
    }

    [Fact]
    public void A_huge_range_takes_no_memory_and_no_time_to_begin_with()
    {
        var space = new SearchSpace { Parameters = [new IntegerParameter("n", 1, 1_000_000_000), new IntegerParameter("m", 1, 1_000_000_000)] };

        Assert.Equal("1000000000000000000", space.Combinations.ToString());
        Assert.Equal(["n=1 m=1", "n=1 m=2"], space.Enumerate().Take(2).Select(candidate => candidate.Key));
    }

    [Fact]
    public void A_value_written_otherwise_is_found_in_the_parameters_own_writing()
    {
        Parameter listed = new CategoricalParameter("n", [ParameterValue.Of("1"), ParameterValue.Of("2.50"), ParameterValue.Of("auto")]);
        Parameter stepped = new RealParameter("share", 0.1, 0.5) { Step = 0.1 };

        Assert.Equal("1", listed.Canonical(ParameterValue.Of("1.0"))?.Text);
        Assert.Equal("2.50", listed.Canonical(ParameterValue.Of("2.5"))?.Text);
        Assert.Null(listed.Canonical(ParameterValue.Of("3")));
        Assert.Equal("0.3", stepped.Canonical(ParameterValue.Of("0.30"))?.Text);
        Assert.Null(stepped.Canonical(ParameterValue.Of("0.35")));
        Assert.Equal(["0.1", "0.2", "0.3", "0.4", "0.5"], stepped.Grid().Select(value => value.Text));
    }

    private static SearchSpace Space() => new()
    {
        Parameters =
        [
            new IntegerParameter("workers", 1, 3),
            new IntegerParameter("batch", 1, 8) { Scale = Scale.Log2 },
            new CategoricalParameter("delay", [ParameterValue.Of(0), ParameterValue.Of(5)]) { When = Formula("batch > 1") },
            new CategoricalParameter("instanceType", [ParameterValue.Of("small"), ParameterValue.Of("large")]),
        ],
        Constraints = [new Constraint(Formula("workers <= 2 * instance.vcpus")), new Constraint(Formula("workers * batch != 4"))],
        Instances = Sizes,
    };

    private static IEnumerable<string> Brute(SearchSpace space) =>
        from workers in new[] { 1, 2, 3 }
        from batch in new[] { 1, 2, 4, 8 }
        from delay in new[] { 0, 5 }
        from size in new[] { "small", "large" }
        where (batch > 1 || delay == 0) && workers <= 2 * space.Instances[size].Vcpus && workers * batch != 4
        select $"workers={workers} batch={batch} delay={delay} instanceType={size}";

    private static Expression Formula(string text) => Expression.TryParse(text, out var formula, out var error) ? formula : throw new InvalidOperationException(error);
}
