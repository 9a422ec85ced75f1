using System.CommandLine;
using System.Globalization;

namespace Tuner.Benchmarks;

/// <summary>
/// <c>shared-tasks</c>: the report on the search-efficiency benchmark, from the files that its harness writes with
/// <c>--out</c>: trials until a true optimum was run, with the 95 % bootstrap interval of the mean over tasks.
/// </summary>
internal static class SharedTasksCommand
{
    private const int Resamples = 4_000;

    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "CSV files of the harness; several are taken together.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("shared-tasks", "The report on runs of the search-efficiency benchmark.") { files };
        command.SetAction(parsed => Print(Console.Out, [.. parsed.GetValue(files)!.SelectMany(Read)]));
        return command;
    }

    private static void Print(TextWriter output, IReadOnlyList<Row> rows)
    {
        output.WriteLine("| Tasks | Number | Runs | Mean trials | Median | p90 | Found | Regret after 10 | Spend |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        output.WriteLine(Line("all", rows));
        output.WriteLine(Line("measured ones", [.. rows.Where(row => !row.Synthetic)]));
        foreach (var family in rows.GroupBy(row => row.Family, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            output.WriteLine(Line($"`{family.Key}`", [.. family]));
        }
    }

    private static string Line(string name, IReadOnlyList<Row> rows)
    {
        if (rows.Count == 0)
        {
            return $"| {name} | 0 | 0 | | | | | | |";
        }

        var byTask = rows.GroupBy(row => row.Task, StringComparer.Ordinal).Select(group => group.Average(row => row.Trials)).ToArray();
        var (low, high) = Interval(byTask);
        double Quantile(Func<Row, double> of, double share) => Interpolated([.. rows.Select(of).Order()], share);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {byTask.Length} | {rows.Count} | {rows.Average(row => row.Trials):F1} ({low:F1} to {high:F1}) | {Quantile(row => row.Trials, 0.5):0.#} | {Quantile(row => row.Trials, 0.9):0.#} | {rows.Average(row => row.Found):P0} | {rows.Average(row => row.RegretAfterTen):P0} | {Quantile(row => row.Spend, 0.5):F1} |");
    }

    /// <summary>Tasks are drawn with replacement, each with all of its runs: runs of one task are no further tasks.</summary>
    private static (double Low, double High) Interval(double[] byTask)
    {
        var random = new Random(1);
        var means = new double[Resamples];
        for (var resample = 0; resample < Resamples; resample++)
        {
            var sum = 0.0;
            for (var draw = 0; draw < byTask.Length; draw++)
            {
                sum += byTask[random.Next(byTask.Length)];
            }

            means[resample] = sum / byTask.Length;
        }

        Array.Sort(means);
        return (Interpolated(means, 0.025), Interpolated(means, 0.975));
    }

    private static double Interpolated(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }

    private static IEnumerable<Row> Read(string file)
    {
        var lines = File.ReadAllLines(file);
        var names = lines[0].Split(',');
        int At(string name) => Array.IndexOf(names, name) is >= 0 and var at ? at : throw new FormatException($"{file} has no column '{name}'. Give a file that harness.py wrote with --out.");
        var (task, family, synthetic, trials, found, spend, regret) = (At("task"), At("family"), At("synthetic"), At("trials"), At("found"), At("spend"), At("r10"));
        double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        return lines.Skip(1).Select(line => line.Split(',')).Select(cells => new Row(
            cells[task], cells[family], bool.Parse(cells[synthetic]), Number(cells[trials]), Number(cells[found]), Number(cells[spend]), Number(cells[regret])));
    }

    private sealed record Row(string Task, string Family, bool Synthetic, double Trials, double Found, double Spend, double RegretAfterTen);
}
