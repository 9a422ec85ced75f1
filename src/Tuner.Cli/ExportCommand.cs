using System.CommandLine;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Exporting;
using Tuner.Service.Storage;

namespace Tuner.Cli;

/// <summary><c>tuner export FORMAT [SWEEP]</c>: a recommendation as what people deploy.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var format = new Argument<string>("format") { Description = "patch (Kubernetes), kustomize, helm, env or compose." };
        format.AcceptOnlyFromAmong([.. CandidateExport.Formats]);
        var sweep = new Argument<string?>("sweep") { Description = "A stored sweep, by its id or its name; the newest one where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var baseline = new Option<bool>("--baseline") { Description = "The baseline instead of the winner, to go back." };
        var state = new Option<string>("--state") { Description = "The folder that remembers sweeps.", DefaultValueFactory = _ => StateDirectory.DefaultName };
        var command = new Command("export", "Write the recommended candidate as a Kubernetes patch, kustomize overlay, Helm values, .env or compose file.") { format, sweep, baseline, state };
        command.SetAction((line, cancellationToken) => RunAsync(
            line.GetRequiredValue(format), line.GetValue(sweep), line.GetValue(baseline), line.GetRequiredValue(state), line.InvocationConfiguration.Output, line.InvocationConfiguration.Error, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string format, string? name, bool baseline, string folder, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var state = new StateDirectory(folder);
        if (!File.Exists(state.DatabaseFile))
        {
            await error.WriteLineAsync($"{state.Path}: no sweep was ever run with this folder. Name another with --state, or run one: tuner run FILE");
            return ExitCode.BadInput;
        }

        var store = new SqlSweepStore(await SqliteDatabase.OpenAsync(state.DatabaseFile, cancellationToken));
        var stored = name is not null && await store.FindSweepAsync(new SweepId(name), cancellationToken) is { } named
            ? named
            : (await store.ListSweepsAsync(new SweepQuery { Name = name, Limit = 1 }, cancellationToken)).Sweeps.FirstOrDefault();
        if (stored is null || SweepFile.Rebuild(SweepSubmission.FromJson((await store.SubmissionAsync(stored.Id, cancellationToken))!)).Sweep is not { } definition)
        {
            await error.WriteLineAsync($"{name ?? "export"}: there is no such sweep here, or its definition cannot be read any more. 'tuner report' lists what there is.");
            return ExitCode.BadInput;
        }

        var trials = await store.TrialsAsync(stored.Id, cancellationToken);
        var candidate = baseline ? definition.Baseline : stored.Stop is { } stop && Recommender.Recommend(definition, trials, stop) is Recommendation.Use use ? Winner(use) : null;
        if (candidate is null)
        {
            await error.WriteLineAsync(baseline ? $"{stored.Id} has no baseline." : $"{stored.Id} recommends nothing: there is nothing to export. 'tuner report {stored.Id}' says why.");
            return ExitCode.BadInput;
        }

        var (text, problem) = CandidateExport.Write(definition, candidate, format);
        await (text is null ? error.WriteLineAsync(problem) : output.WriteAsync(text));
        return text is null ? ExitCode.BadInput : ExitCode.Ok;
    }

    private static Candidate Winner(Recommendation.Use use) => use.Winner.Candidate;
}
