using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;
using Tuner.Service.Reports;

namespace Tuner.Cli;

/// <summary>Progress as a table that moves in place: the last trials, what runs now, the budget and the best so far.</summary>
internal sealed class LiveProgress(Sweep sweep, IAnsiConsole console, TimeProvider time) : ISweepObserver
{
    private const int MostShown = 12;
    private const int OutcomeLines = 2;
    private const int LeastOutcome = 20;
    private const int LongWord = 10;

    // Columns, and what stands between two of them.
    private const int Candidates = 2;
    private const int Outcomes = 4;
    private const int Gap = 3;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly List<Trial> trials = [];
    private readonly Dictionary<int, (Trial Trial, string Why, TrialProgress? Progress)> running = [];
    private readonly List<string> notes = [];
    private readonly long start = time.GetTimestamp();
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

            lines.AddRange(Trials(), new Text(Standing()));
            lines.AddRange(running.Values.OrderBy(entry => entry.Trial.Number).Select(entry => new Text(Current(entry))));
            lines.AddRange(notes.TakeLast(2).Select(note => new Text(note, new Style(Color.Yellow))));
            return new Rows(lines);
        }
    }

    /// <summary>The latest trials, as many as the height allows, since what leaves the screen cannot move; no outcome takes more than two lines.</summary>
    private Table Trials()
    {
        string[] titles = ["#", "for", "candidate", $"{sweep.Cost.Currency}/h", "outcome"];
        var rows = trials.TakeLast(MostShown).Select(Cells).ToList();
        var widths = titles.Select((title, column) => rows.Select(cells => cells[column].Length).Append(title.Length).Max()).ToArray();
        widths[Candidates] = Math.Min(widths[Candidates], Math.Max(titles[Candidates].Length, console.Profile.Width / 3));
        widths[Outcomes] = Math.Max(LeastOutcome, console.Profile.Width - widths[..Outcomes].Sum() - (Gap * (titles.Length + 1)));

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns([.. titles.Select((title, column) => new TableColumn(title).Width(widths[column]))]);

        // The last word of a line may not fit on it.
        var longest = (OutcomeLines * widths[Outcomes]) - ((OutcomeLines - 1) * LongWord);
        foreach (var cells in rows)
        {
            cells[Outcomes] = cells[Outcomes].Length <= longest ? cells[Outcomes] : $"{cells[Outcomes][..(longest - 1)]}…";
        }

        var room = Math.Max(3 * OutcomeLines, console.Profile.Height - 12);
        foreach (var cells in rows.SkipWhile((_, index) => rows.Skip(index).Sum(Height) > room))
        {
            table.AddRow(cells.Select(cell => new Text(cell)));
        }

        return table;

        int Height(string[] cells) => cells.Select((cell, column) => LinesOf(cell, widths[column])).Max();
    }

    /// <summary>How many lines a text takes where it breaks between words.</summary>
    private static int LinesOf(string text, int width)
    {
        var (lines, used) = (1, -1);
        foreach (var word in text.Split(' '))
        {
            var fits = used + 1 + word.Length <= width;
            lines += fits ? 0 : 1;
            used = fits ? used + 1 + word.Length : word.Length;
        }

        return lines;
    }

    private string[] Cells(Trial trial) =>
    [
        trial.Number.ToString(CultureInfo.InvariantCulture),
        TrialWords.Purpose(trial.Purpose),
        Shown(trial.Candidate),
        sweep.PerHour(trial.Candidate).ToString("0.####", CultureInfo.InvariantCulture),
        TrialWords.Outcome(sweep, trial, trials),
    ];

    /// <summary>What is new in the candidate; all of it where there is no baseline to know already.</summary>
    private string Shown(Candidate candidate)
    {
        if (sweep.Baseline is not { } baseline)
        {
            return candidate.Key;
        }

        var changed = string.Join(' ', candidate.Values.Where(pair => baseline.Find(pair.Key) != pair.Value).Select(pair => $"{pair.Key}={pair.Value.Text}"));
        return changed.Length == 0 ? candidate.Equals(baseline) ? "the baseline" : candidate.Key : changed;
    }

    private string Standing()
    {
        var standing = new SweepStanding(sweep, trials);
        var ledger = new BudgetLedger(sweep, trials, TimeSpan.Zero);
        var best = standing.Searched.FirstOrDefault(evidence => evidence.Verdict is SloVerdict.Met);
        var elapsed = time.GetElapsedTime(start);
        var count = sweep.Budget.Trials is { } limit ? $"{ledger.Trials} of at most {limit} trials" : Words.Counted(ledger.Trials, "trial");
        var left = !ended && TimeLeft.Of(sweep, ledger, elapsed) is { } most ? $" · at most {Figures.Duration(Math.Ceiling(most.TotalSeconds))} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count}{left} · {elapsed:m\\:ss}{(sweep.Budget.WallTime is { } wall ? $" of at most {wall:h\\:mm\\:ss}" : "")} · spent {ledger.Money:0.####} {sweep.Cost.Currency} · best so far: {(best is null ? "none" : $"{Shown(best.Candidate)} at {best.CostPerHour:0.####}/h")}");
    }

    private string Current((Trial Trial, string Why, TrialProgress? Progress) entry)
    {
        var progress = entry.Progress;
        var share = progress?.Share is { } done ? $" {done:0%}" : "";
        var p99 = progress?.P99 is { } latency ? $" · p99 {latency.TotalMilliseconds:0.#} ms" : "";
        var errors = progress?.Errors is > 0 and { } count ? $" · {count} errors" : "";
        return $"▶ trial {entry.Trial.Number}: {Shown(entry.Trial.Candidate)} · {progress?.Step ?? "deploying"}{share}{p99}{errors} · {entry.Why}";
    }
}
