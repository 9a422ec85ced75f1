using System.CommandLine;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;

namespace Tuner.Cli.Loading;

/// <summary><c>tuner load merge</c>: the measurements of several generators as one.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "What --save wrote.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "text, json or hdr.", DefaultValueFactory = _ => "text" };
        var save = new Option<string>("--save") { Description = "Write the merged measurement to a file." };
        var slos = new Option<string[]>("--slo") { Description = "Judged on the merged measurement; decides the exit code." };
        var command = new Command("merge", "Merge measurements of generators that loaded one target at the same time.") { files, output, save, slos };
        command.SetAction((line, _) => RunAsync(line.GetValue(files)!, line.GetValue(output)!, line.GetValue(save), line.GetValue(slos) ?? [], Console.Out, Console.Error));
        return command;
    }

    internal static async Task<int> RunAsync(string[] files, string form, string? save, string[] sloTexts, TextWriter output, TextWriter error)
    {
        var problems = new List<string>();
        var slos = new List<Slo>();
        foreach (var text in sloTexts)
        {
            if (SloSentence.TryRead(text, out var slo, out var problem))
            {
                slos.Add(slo);
            }
            else
            {
                problems.Add($"--slo: {problem}");
            }
        }

        var measurements = files.Select(file => Read(file, problems)).OfType<Measurement>().ToList();
        if (problems.Count == 0 && measurements.Select(measurement => measurement.OpenModel).Distinct().Count() > 1)
        {
            problems.Add("An open and a closed model cannot be merged: their latencies mean different things.");
        }

        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                await error.WriteLineAsync(problem);
            }

            return ExitCode.BadInput;
        }

        var merged = MeasurementMerge.Merge(measurements);
        if (save is not null)
        {
            await LoadOutput.SaveAsync(save, merged);
        }

        var verdicts = Thresholds.Judge(merged, slos, confident: false);
        LoadOutput.Write(output, form, merged, verdicts);
        return Thresholds.ExitCodeOf(merged, verdicts);
    }

    private static Measurement? Read(string file, List<string> problems)
    {
        try
        {
            return MeasurementJson.ReadUtf8(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            problems.Add($"{file}: {exception.Message}");
            return null;
        }
    }
}
