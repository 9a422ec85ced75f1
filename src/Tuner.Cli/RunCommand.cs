using System.CommandLine;
using Tuner.Core.Gate;

namespace Tuner.Cli;

/// <summary><c>tuner run</c>: a sweep from its file to a recommendation, on this machine.</summary>
internal static class RunCommand
{
    private const int FewestPairs = 2;
    private const int MostPairs = 200;

    public static Command Create()
    {
        var file = new Argument<string>("sweep") { Description = "The sweep's definition, YAML or JSON." };
        var state = new Option<string>("--state") { Description = "The folder that remembers sweeps.", DefaultValueFactory = _ => Service.Storage.StateDirectory.DefaultName };
        var startNew = new Option<bool>("--new") { Description = "Start a new sweep even where an unfinished one asks the same question." };
        var resume = new Option<string?>("--resume") { Description = "Go on with this sweep, named by its id." };
        var acceptUnverified = new Option<bool>("--accept-unverified") { Description = "Exit with 0 also where the recommendation was not verified." };
        var gate = new Option<bool>("--gate") { Description = "Measure only the configuration that was accepted, in turns with the baseline, and compare it with earlier nights: exit with 3 where it is worse. Without one, run the whole sweep and accept its verified answer." };
        var pairs = new Option<int>("--gate-pairs") { Description = "How often the gate measures configuration and baseline, in turns. Fewer take less time and see only larger changes.", DefaultValueFactory = _ => new GatePlan().Pairs };
        pairs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < FewestPairs or > MostPairs)
            {
                result.AddError($"--gate-pairs: write {FewestPairs} to {MostPairs}.");
            }
        });
        var output = new Option<string>("--output") { Description = "What standard output gets: text, or json (the report).", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");

        var command = new Command(
            "run",
            """
            Runs a sweep on this machine: deploys each candidate, loads it, takes it away, and recommends the cheapest one
            that meets every SLO.

            Stopped at any moment, the same command goes on where it was, as long as the definition, its bodies and the
            prices are the same.

            Exit codes: 0 a verified recommendation, 2 nothing is feasible, 3 the gate failed, 4 a budget ended without a recommendation,
            5 a recommendation that is not verified, 6 inconclusive, 64 bad input, 130 stopped (run again to go on),
            1 internal error.
            """)
        {
            file, state, startNew, resume, acceptUnverified, gate, pairs, output,
        };
        command.SetAction((parsed, cancellationToken) => new SweepRun(
            new SweepRunOptions
            {
                File = parsed.GetRequiredValue(file),
                StateFolder = parsed.GetRequiredValue(state),
                StartNew = parsed.GetValue(startNew),
                Resume = parsed.GetValue(resume),
                AcceptUnverified = parsed.GetValue(acceptUnverified),
                Gate = parsed.GetValue(gate),
                GatePairs = parsed.GetValue(pairs),
                Json = string.Equals(parsed.GetValue(output), "json", StringComparison.Ordinal),
            },
            TimeProvider.System).RunAsync(cancellationToken));
        return command;
    }
}
