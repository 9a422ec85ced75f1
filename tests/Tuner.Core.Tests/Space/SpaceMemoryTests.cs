using Tuner.Core.Expressions;
using Tuner.Core.Space;

namespace Tuner.Core.Tests.Space;

/// <summary>Reads the memory of the whole process, so nothing else may run beside it.</summary>
[Collection(nameof(SpaceMemoryTests))]
[CollectionDefinition(nameof(SpaceMemoryTests), DisableParallelization = true)]
public sealed class SpaceMemoryTests
{
    [Fact]
    public void Counts_a_million_combinations_in_about_as_many_steps_and_in_constant_memory()
    {
        var space = new SearchSpace
        {
            Parameters = [.. Enumerable.Range(0, 6).Select(index => new IntegerParameter($"p{index}", 1, 10))],
            Constraints = [new Constraint(Formula("p0 + p1 + p2 + p3 + p4 + p5 >= 7")), new Constraint(Formula("p4 * p5 <= 100"))],
        };
        var cursor = new SpaceCursor(space);
        Assert.True(cursor.Next());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        long count = 1;
        while (cursor.Next())
        {
            count++;
        }

        Assert.Equal(999_999, count);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_000_000);
        Assert.InRange(cursor.Steps, 1_000_000, 1_300_000);
    }

    private static Expression Formula(string text) => Expression.TryParse(text, out var formula, out var error) ? formula : throw new ArgumentException(error);
}
