using Spectre.Console;
using Spectre.Console.Rendering;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;
using Tuner.Service.Reports;

namespace Tuner.Cli;

/// <summary>Progress as a table that moves in place: the last trials, what runs now, the budget and the best so far.</summary>
/// <param name="sweep">What is asked.</param>
/// <param name="before">How long the sweep was worked on before this run of it.</param>
/// <param name="console">Where the table moves.</param>
/// <param name="time">By which it moves.</param>
internal sealed class LiveProgress(Sweep sweep, TimeSpan before, IAnsiConsole console, TimeProvider time) : ISweepObserver
{
    // Lines that what stands around the trials takes.
    private const int Around = 12;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly List<Trial> trials = [];
    private readonly Dictionary<int, (Trial Trial, string Why, TrialProgress? Progress)> running = [];
    private readonly List<string> notes = [];
    private readonly SweepProgressLine line = new(sweep, before, time);
    private bool ended;

    /// <summary>Shows the table while the work runs. Trials of an earlier run of the same sweep are part of it.</summary>
    public async Task<T> ShowAsync<T>(IReadOnlyList<Trial> earlier, Func<Task<T>> work)
    {
        trials.AddRange(earlier.Where(trial => trial.HasEnded));
        T result = default!;
        await console.Live(Render()).AutoClear(false).StartAsync(async context =>
        {
            var task = work();
            while (!task.IsCompleted)
            {
                await Task.WhenAny(task, Task.Delay(Refresh, time, CancellationToken.None));
                context.UpdateTarget(Render());
            }

            ended = true;
            context.UpdateTarget(Render());
            result = await task;
        });
        return result;
    }

    public void TrialStarted(Trial trial, string why) => Change(() => running[trial.Number] = (trial, why, null));

    public void TrialProgressed(Trial trial, TrialProgress progress) => Change(() =>
    {
        if (running.TryGetValue(trial.Number, out var current))
        {
            running[trial.Number] = current with { Progress = progress };
        }
    });

    public void TrialEnded(Trial trial) => Change(() =>
    {
        running.Remove(trial.Number);
        trials.Add(trial);
    });

    public void Noted(string message) => Change(() => notes.Add(message));

    private void Change(Action change)
    {
        lock (gate)
        {
            change();
        }
    }

    private Rows Render()
    {
        lock (gate)
        {
            var lines = new List<IRenderable>();
            if (sweep.Baseline is { } baseline)
            {
                lines.Add(new Text($"The baseline is {baseline}; candidates are shown by what differs from it.", new Style(decoration: Decoration.Dim)));
            }

            lines.AddRange(TrialTable.Of(sweep, trials, console.Profile.Width, console.Profile.Height - Around), new Text(line.Of(trials, ended)));
            lines.AddRange(running.Values.OrderBy(entry => entry.Trial.Number).Select(entry => new Text(Current(entry))));
            lines.AddRange(notes.TakeLast(2).Select(note => new Text(note, new Style(Color.Yellow))));
            return new Rows(lines);
        }
    }

    private string Current((Trial Trial, string Why, TrialProgress? Progress) entry)
    {
        var progress = entry.Progress;
        var share = progress?.Share is { } done ? $" {done:0%}" : "";
        var p99 = progress?.P99 is { } latency ? $" · p99 {Figures.Latency(latency.TotalSeconds)}" : "";
        var errors = progress?.Errors is > 0 and { } count ? $" · {count} errors" : "";
        return $"▶ trial {entry.Trial.Number}: {TrialWords.Candidate(sweep, entry.Trial.Candidate)} · {progress?.Step ?? "deploying"}{share}{p99}{errors} · {entry.Why}";
    }
}
