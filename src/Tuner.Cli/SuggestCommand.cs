using System.CommandLine;
using Tuner.Cli.Suggesting;
using Tuner.Search;

namespace Tuner.Cli;

/// <summary><c>tuner suggest --stdio</c>: the search by itself, for anyone who runs the trials elsewhere (ask and tell).</summary>
public static class SuggestCommand
{
    public static Command Create()
    {
        var stdio = new Option<bool>("--stdio") { Description = "Speak JSON lines on standard input and output.", Required = true };
        var strategy = new Option<string>("--strategy") { Description = "grid, random, sobol, list or bayesian.", DefaultValueFactory = _ => "bayesian" };
        var command = new Command("suggest", "Suggest what to measure next, for trials that run elsewhere.") { stdio, strategy };
        command.SetAction((result, cancellationToken) => RunAsync(result.GetValue(strategy)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string name, CancellationToken cancellationToken)
    {
        if (SearchStrategies.Find(name) is not { } strategy)
        {
            await Console.Error.WriteLineAsync($"--strategy: '{name}' is unknown. Use one of {string.Join(", ", SearchStrategies.All.Select(known => known.Name))}.");
            return 64;
        }

        return await new AskTellLoop(strategy).RunAsync(Console.In, Console.Out, Console.Error, cancellationToken);
    }
}
