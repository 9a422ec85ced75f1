using System.CommandLine;
using System.Diagnostics;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Testing.Serving;

namespace Tuner.Benchmarks;

/// <summary><c>pages</c>: how long the pages of a running sweep with very many trials take to their first and last byte, and how large they are.</summary>
internal static class PagesCommand
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1.2);

    public static Command Create()
    {
        var trials = new Option<int>("--trials") { Description = "Measured trials of the sweep.", DefaultValueFactory = _ => 2_000 };
        var starts = new Option<int>("--starts") { Description = "With --tuner: how often the command is started for the first look at its pages.", DefaultValueFactory = _ => 5 };
        var tuner = new Option<string?>("--tuner") { Description = "A built tuner command: measures the first request to 'tuner serve', instead of pages of this process." };
        var command = new Command("pages", "First byte, last byte and size of the pages and the report of a running sweep.") { trials, tuner, starts };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(tuner) is { } path
            ? FirstLooks.MeasureAsync(path, parsed.GetValue(trials), parsed.GetValue(starts), cancellationToken)
            : MeasureAsync(parsed.GetValue(trials), cancellationToken));
        return command;
    }

    private static async Task MeasureAsync(int trials, CancellationToken cancellationToken)
    {
        await using var service = await LoopbackService.StartAsync(new Patient(), prepare: database => LargeSweep.FillAsync(database, trials));
        using var client = new HttpClient { BaseAddress = service.Url };
        Console.WriteLine($"{"",-44}{"first byte",12}{"last byte",12}{"bytes",12}");
        foreach (var what in new[] { "for the first time", "at once again", "after a beat" })
        {
            await AskAsync(client, $"sweeps/{LargeSweep.Id}", what, cancellationToken);
            if (what == "at once again")
            {
                await Task.Delay(Beat, TimeProvider.System, cancellationToken);
            }
        }

        await AskAsync(client, $"sweeps/{LargeSweep.Id}/report", "", cancellationToken);
        await AskAsync(client, $"sweeps/{LargeSweep.Id}/report.html", "one file", cancellationToken);
        await AskAsync(client, $"api/v1/sweeps/{LargeSweep.Id}/report", "JSON", cancellationToken);
        await AskAsync(client, "sweeps", "the list", cancellationToken);
    }

    private static async Task AskAsync(HttpClient client, string path, string what, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var first = watch.Elapsed;
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        Console.WriteLine($"{$"/{path} {what}",-44}{first.TotalMilliseconds,9:F0} ms{watch.Elapsed.TotalMilliseconds,9:F0} ms{bytes.Length,12:N0}");
    }

    /// <summary>Trials that last until they are stopped.</summary>
    private sealed class Patient : ITrialRunner
    {
        public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
        {
            await observer.MeasuringAsync(cancellationToken);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Stopped: that is how these end.
            }

            return new TrialOutcome(new TrialState.Interrupted("stopped"), TimeSpan.FromSeconds(1));
        }

        public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
    }
}
