using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuner.Core.Definitions;
using Tuner.Service.Definitions;

namespace Tuner.Cli;

/// <summary><c>tuner validate FILE…</c>: every error and warning of each file, with its place. Runs nothing.</summary>
internal static class ValidateCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Sweep definitions (YAML or JSON).", Arity = ArgumentArity.OneOrMore };
        var format = new Option<string>("--output", "-o") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("validate", "Check sweep definitions; tell all errors at once.") { files, format };
        command.SetAction(parsed => parsed.GetValue(format) is "json"
            ? RunJson(parsed.GetValue(files)!, parsed.InvocationConfiguration.Output)
            : Run(parsed.GetValue(files)!, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(IEnumerable<string> files, TextWriter output, TextWriter error)
    {
        var prices = ShippedPrices.Load();
        var valid = true;
        foreach (var file in files)
        {
            var reading = SweepFile.Load(file, prices);
            Print(reading, error);
            if (reading.IsValid)
            {
                output.WriteLine($"{file}: valid{(reading.Warnings.Any() ? $", {Count(reading.Warnings.Count(), "warning")}" : "")} (sweep {reading.Sweep.Name}, fingerprint {reading.Sweep.Fingerprint[..12]})");
            }
            else
            {
                valid = false;
                output.WriteLine($"{file}: {Count(reading.Errors.Count(), "error")}");
            }
        }

        return valid ? 0 : ExitCode.BadInput;
    }

    private static int RunJson(IEnumerable<string> files, TextWriter output)
    {
        var prices = ShippedPrices.Load();
        var readings = files.Select(file => SweepFile.Load(file, prices)).ToList();
        var answer = readings.Select(reading => new
        {
            reading.File,
            Valid = reading.IsValid,
            Sweep = reading.Sweep?.Name,
            reading.Sweep?.Fingerprint,
            Problems = reading.Problems.Select(problem => new { Severity = problem.IsError ? "error" : "warning", problem.Path, problem.Line, problem.Column, problem.Message }),
        });
        output.WriteLine(JsonSerializer.Serialize(answer, Json));
        return readings.TrueForAll(reading => reading.IsValid) ? 0 : ExitCode.BadInput;
    }

    /// <summary>Prints all problems, one a line, <c>file:line:column: error: path: message</c>.</summary>
    public static void Print(SweepReading reading, TextWriter error)
    {
        foreach (var problem in reading.Problems)
        {
            error.WriteLine(problem.Describe(reading.File));
        }
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
