using System.CommandLine;
using Tuner.Core.Definitions;
using Tuner.Service.Definitions;

namespace Tuner.Cli;

/// <summary><c>tuner validate FILE…</c>: every error and warning of each file, with its place. Runs nothing.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Sweep definitions (YAML or JSON).", Arity = ArgumentArity.OneOrMore };
        var command = new Command("validate", "Check sweep definitions; tell all errors at once.") { files };
        command.SetAction(parsed => Run(parsed.GetValue(files)!, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
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
