using System.Globalization;
using Spectre.Console;
using Tuner.Core.Pricing;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Cli;

/// <summary>The latest trials as a table: as many as the height allows, since what leaves the screen cannot move.</summary>
internal static class TrialTable
{
    private const int MostTrials = 12;
    private const int OutcomeLines = 2;
    private const int LeastOutcome = 20;
    private const int LeastHeight = 6;

    // Columns, and what stands between two of them.
    private const int Candidates = 2;
    private const int Outcomes = 4;
    private const int Gap = 3;

    /// <param name="sweep">What was asked.</param>
    /// <param name="trials">All trials that have ended, in their order.</param>
    /// <param name="width">Of the terminal, in characters.</param>
    /// <param name="height">In lines: of what the table's rows may take together; never less than six, so that something is seen on any terminal.</param>
    public static Table Of(Sweep sweep, IReadOnlyList<Trial> trials, int width, int height)
    {
        string[] titles = ["#", "for", "candidate", MinimizedRow.Of(sweep) is { } minimized ? minimized.Label.Replace("per million requests", "per 1M", StringComparison.Ordinal) : $"{sweep.Cost.Currency}/h", "outcome"];
        var cells = trials.TakeLast(MostTrials).Select(trial => Cells(sweep, trial, trials)).ToList();
        var widths = Widths(titles, cells, width);

        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns([.. titles.Select((title, column) => new TableColumn(title).Width(widths[column]))]);
        var rows = cells.Select(row => row.Select((cell, column) => Wrapped(cell, column, widths[column])).ToArray()).ToList();
        var room = Math.Max(LeastHeight, height);
        foreach (var row in rows.SkipWhile((_, index) => rows.Skip(index).Sum(Height) > room))
        {
            table.AddRow(row.Select(lines => new Text(string.Join('\n', lines))));
        }

        return table;
    }

    private static string[] Cells(Sweep sweep, Trial trial, IReadOnlyList<Trial> trials) =>
    [
        trial.Number.ToString(CultureInfo.InvariantCulture),
        TrialWords.Purpose(trial.Purpose),
        TrialWords.Candidate(sweep, trial.Candidate),
        MinimizedRow.Of(sweep) is null ? sweep.PerHour(trial.Candidate).ToString("0.####", CultureInfo.InvariantCulture) : TrialWords.Objective(sweep, trial) is { } value ? Figures.Significant(value) : Figures.None,
        TrialWords.Outcome(sweep, trial, trials),
    ];

    /// <summary>Each column as wide as its longest cell, the candidates at most a third of the terminal; the outcomes have what is left.</summary>
    private static int[] Widths(string[] titles, List<string[]> cells, int width)
    {
        var widths = titles.Select((title, column) => cells.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        widths[Candidates] = Math.Min(widths[Candidates], Math.Max(titles[Candidates].Length, width / 3));
        widths[Outcomes] = Math.Max(LeastOutcome, width - widths[..Outcomes].Sum() - (Gap * (titles.Length + 1)));
        return widths;
    }

    private static string[] Wrapped(string cell, int column, int width) => [.. WrappedText.Lines(cell, width, column == Outcomes ? OutcomeLines : int.MaxValue)];

    private static int Height(string[][] row) => row.Max(lines => lines.Length);
}
