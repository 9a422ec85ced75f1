using Spectre.Console;
using Tuner.Service.Tests.Reports;

namespace Tuner.Cli.Tests;

public sealed class TrialTableTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(140)]
    public void Cuts_an_outcome_to_two_lines_as_wide_as_the_terminal_leaves(int width)
    {
        var lines = Drawn(width, 40);

        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        var outcome = lines[0].IndexOf("outcome", StringComparison.Ordinal);
        var heights = new List<int>();
        foreach (var line in lines[2..])
        {
            if (line[..5].Any(char.IsAsciiDigit))
            {
                heights.Add(0);
            }

            heights[^1] += line.Length > outcome ? 1 : 0;
        }

        Assert.Equal(12, heights.Count);
        Assert.All(heights, height => Assert.InRange(height, 1, 2));
    }

    [Fact]
    public void Shows_the_latest_trials_and_as_many_as_the_height_allows()
    {
        var (low, high) = (Drawn(100, 8), Drawn(100, 100));

        Assert.InRange(low.Count - 2, 6, 8);
        Assert.Equal(low[2..], high[^(low.Count - 2)..]);
        Assert.True(low.Count < high.Count);
    }

    /// <summary>Title, rule and rows, without the empty lines around them.</summary>
    private static List<string> Drawn(int width, int height)
    {
        var input = ReportFixture.Verified();
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        console.Write(TrialTable.Of(input.Sweep, [.. input.Trials], width, height));
        return [.. writer.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }
}
