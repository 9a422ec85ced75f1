using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuner.Cli.Remote;
using Tuner.Core.Api;
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
        var url = ServiceConnection.UrlOption();
        var command = new Command("validate", "Check sweep definitions; tell all errors at once. With --url, by the word of a service; so, too, where TUNER_URL names one and only services know the target.") { files, url, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var json = parsed.GetValue(format) is "json";
            var prices = ShippedPrices.Load();
            var checks = new List<Checked>();
            foreach (var file in parsed.GetValue(files)!)
            {
                checks.Add(await CheckAsync(SweepFile.Load(file, prices), parsed.GetValue(url), json ? null : output, error, cancellationToken));
            }

            if (json)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(checks.Select(check => new { check.File, check.Valid, check.Sweep, check.Fingerprint, check.Problems }), Json));
            }

            return checks.Select(check => check.Code).FirstOrDefault(code => code != ExitCode.Ok);
        });
        return command;
    }

    private static async Task<Checked> CheckAsync(SweepReading reading, string? url, TextWriter? output, TextWriter error, CancellationToken cancellationToken)
    {
        var found = RemotePlan.IsWanted(reading, url) ? await ByServiceAsync(reading, url, error, cancellationToken) : Here(reading);
        if (output is not null)
        {
            ServiceConnection.Tell(found.Problems, reading.File, error);
            await output.WriteLineAsync(found.Line);
        }

        return found;
    }

    private static Checked Here(SweepReading reading) => new(
        reading.File,
        reading.IsValid ? ExitCode.Ok : ExitCode.BadInput,
        reading.Sweep?.Name,
        reading.Sweep?.Fingerprint,
        [.. reading.Problems.Select(problem => new ApiError(problem.Path, problem.Line, problem.Column, problem.IsError ? "error" : "warning", problem.Message))]);

    private static async Task<Checked> ByServiceAsync(SweepReading reading, string? url, TextWriter error, CancellationToken cancellationToken)
    {
        var answer = await RemotePlan.AskAsync(reading, url, error, cancellationToken);
        var warnings = answer.Plan?.Warnings.Select(warning => new ApiError("", 0, 0, "warning", warning)) ?? [];
        return new Checked(reading.File, answer.Code, answer.Plan?.Sweep, answer.Plan?.Fingerprint, [.. answer.Problems, .. warnings]);
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

    /// <summary>One file as it was found, here or by a service.</summary>
    private sealed record Checked(string File, int Code, string? Sweep, string? Fingerprint, ImmutableArray<ApiError> Problems)
    {
        public bool Valid => Code == ExitCode.Ok;

        public string Line => (Valid, Problems.Count(problem => problem.Severity is "warning"), Problems.Count(problem => problem.Severity is "error")) switch
        {
            (true, var warnings, _) => $"{File}: valid{(warnings > 0 ? $", {Count(warnings, "warning")}" : "")} (sweep {Sweep}, fingerprint {Fingerprint![..12]})",
            (false, _, > 0 and var errors) => $"{File}: {Count(errors, "error")}",
            _ => $"{File}: not checked",
        };
    }
}
