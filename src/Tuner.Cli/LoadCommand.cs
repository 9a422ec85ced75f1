using System.CommandLine;
using Tuner.Cli.Loading;
using Tuner.Core.Loads;
using Tuner.Core.Slos;
using Tuner.Load;
using Tuner.Load.Capacity;

namespace Tuner.Cli;

/// <summary><c>tuner load</c>: the load generator by itself.</summary>
internal static class LoadCommand
{
    private const string Explanation = """
        Put HTTP or gRPC under load and measure it, from the time each request should have been sent.

        Examples:
          tuner load http://127.0.0.1:8080/ --rate 2000/s --duration 30s
          tuner load http://127.0.0.1:8080/ --users 64 --duration 10s --output json
          tuner load http://127.0.0.1:8080/v2/models/digits/infer --body-file small.json=8 --body-file large.json=2 \
              --phase calm:80/s:20s --phase peak:250/s:20s --warmup 5s --slo 'p99 latency <= 100ms in peak' --slo 'error rate <= 1%'
          tuner load http://127.0.0.1:8080/ --find-capacity --rate 100/s --duration 10s --slo 'p99 latency <= 50ms'
          tuner load http://127.0.0.1:8080/ --rate 500/s --save a.json     and on another machine b.json, then
          tuner load merge a.json b.json

        Ends at once with what it has on Ctrl-C or SIGTERM. Exit codes: 0 fine, 3 an SLO was missed, 6 the measurement is
        invalid or cannot decide an SLO, 64 bad input.
        """;

    public static Command Create()
    {
        var words = new LoadWords();
        var command = new Command("load", Explanation) { words.Urls };
        foreach (var option in words.Options)
        {
            command.Add(option);
        }

        command.Add(MergeCommand.Create());
        command.SetAction((line, cancellationToken) => line.GetValue(words.Order) is { } order
            ? RunOrderedAsync(words, line, order, Console.Out, Console.Error, cancellationToken)
            : RunAsync(new LoadRequestReading(words, line), Console.Out, Console.Error, cancellationToken));
        return command;
    }

    private static async Task<int> RunOrderedAsync(LoadWords words, ParseResult line, string order, TextWriter output, TextWriter error, CancellationToken finish)
    {
        var problems = new List<string>();
        var load = OrderedLoad.Read(
            order, line.GetValue(words.Targets), line.GetValue(words.Share)!, line.GetValue(words.StartAt), string.Equals(line.GetValue(words.Rotate), "true", StringComparison.Ordinal), line.GetValue(words.Pack), line.GetValue(words.Secrets), problems);
        load = load is not null && line.GetValue(words.Artifact) is { Length: > 1 } artifact ? load with { Artifact = artifact } : load;
        try
        {
            if (load is not null)
            {
                return await load.RunAsync(output, TimeProvider.System, finish);
            }
        }
        catch (ArgumentException exception)
        {
            problems.Add(exception.Message);
        }

        foreach (var problem in problems)
        {
            await error.WriteLineAsync(problem);
        }

        return ExitCode.BadInput;
    }

    internal static async Task<int> RunAsync(LoadRequestReading reading, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (reading.Read() is not { } request)
        {
            foreach (var problem in reading.Problems)
            {
                await error.WriteLineAsync(problem);
            }

            return ExitCode.BadInput;
        }

        try
        {
            return request.FindCapacity
                ? await FindCapacityAsync(request, output, error, cancellationToken)
                : await LoadAsync(request, output, error, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            // A load that cannot be sent as asked for; the message holds the cure.
            await error.WriteLineAsync(exception.Message);
            return ExitCode.BadInput;
        }
    }

    private static async Task<int> LoadAsync(LoadRequest request, TextWriter output, TextWriter error, CancellationToken finish)
    {
        var line = new ProgressLine(error, !request.Quiet && !Console.IsErrorRedirected);
        var options = request.Options with { Progress = line.Show, Finish = finish };

        // The signal ends the load with what it has: it is not a cancellation, which would throw that away.
        var measurement = await new LoadGenerator().RunAsync(request.Profile, request.Endpoints, options, CancellationToken.None);
        line.Clear();
        if (request.Save is { } file)
        {
            await LoadOutput.SaveAsync(file, measurement);
        }

        var verdicts = Thresholds.Judge(measurement, request.Slos, request.Confident);
        LoadOutput.Write(output, request.Output, measurement, verdicts);
        return Thresholds.ExitCodeOf(measurement, verdicts);
    }

    private static async Task<int> FindCapacityAsync(LoadRequest request, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var phase = (RatePhase)request.Profile.Phases[0];
        var line = new ProgressLine(error, !request.Quiet && !Console.IsErrorRedirected);
        async Task<CapacityProbe> ProbeAsync(double rate, CancellationToken token)
        {
            var profile = request.Profile with { Phases = [phase with { RatePerSecond = rate }] };
            var measurement = await new LoadGenerator().RunAsync(profile, request.Endpoints, request.Options with { Progress = line.Show }, token);
            line.Clear();
            var verdicts = Thresholds.Judge(measurement, request.Slos, confident: false);
            var probe = new CapacityProbe(
                rate,
                verdicts.All(verdict => verdict.Verdict is SloVerdict.Met),
                measurement.IsValid ? string.Join(", ", verdicts.Select(verdict => verdict.Detail)) : $"invalid: {string.Join("; ", measurement.InvalidReasons)}");
            await output.WriteLineAsync($"{rate,10:0.#}/s  {(probe.Holds ? "holds" : "fails"),-6}  {probe.Detail}");
            return probe;
        }

        var result = await new CapacitySearch().FindAsync(phase.RatePerSecond, ProbeAsync, cancellationToken);
        await output.WriteLineAsync(result.RatePerSecond is { } found
            ? $"capacity      {found:0.#}/s holds{(result.FailsAt is { } fails ? $", {fails:0.#}/s does not" : "")}"
            : $"capacity      none of the rates tried holds; the lowest was {result.FailsAt:0.##}/s");
        if (result.Warning is { } warning)
        {
            await output.WriteLineAsync($"warning       {warning}");
        }

        return result switch
        {
            { RatePerSecond: null } => ExitCode.GateFailed,
            { Warning: not null } => ExitCode.Inconclusive,
            _ => ExitCode.Ok,
        };
    }
}
