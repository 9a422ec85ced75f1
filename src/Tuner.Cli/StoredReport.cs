using Spectre.Console;
using Tuner.Core.Sweeps;
using Tuner.Local;
using Tuner.Service.Api;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Gate;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Comparing;
using Tuner.Service.Storage;

namespace Tuner.Cli;

/// <summary>Builds reports of sweeps in a state folder anew and writes the face that was asked for.</summary>
internal sealed class StoredReport(string stateFolder, TextWriter error)
{
    public async Task<int> RunAsync(string? name, (string Left, string Right)? compare, string format, Action<string> write, CancellationToken cancellationToken)
    {
        var state = new StateDirectory(stateFolder);
        if (!File.Exists(state.DatabaseFile))
        {
            await error.WriteLineAsync($"{state.Path}: no sweep was ever run with this folder. Name another with --state, or run one: tuner run FILE");
            return ExitCode.BadInput;
        }

        var database = await SqliteDatabase.OpenAsync(state.DatabaseFile, cancellationToken);
        var store = new SqlSweepStore(database);
        var options = new SweepEngineOptions { Local = new LocalOptions { StateDirectory = stateFolder, Machine = Machine.Probe() } };
        var reports = new StoredReports(options, new ReportHistory(store, new GateStore(database)), store, new SweepLibrary(store));
        if (compare is var (left, right))
        {
            return await ReportOfAsync(store, reports, left, cancellationToken) is { } one && await ReportOfAsync(store, reports, right, cancellationToken) is { } two
                ? Write(Face(ReportComparer.Compare(one, two), format), write)
                : ExitCode.BadInput;
        }

        if (await ReportOfAsync(store, reports, name, cancellationToken) is not { } report)
        {
            return ExitCode.BadInput;
        }

        if (format is "text" && !Console.IsOutputRedirected && ReferenceEquals(write.Target, Console.Out))
        {
            VerdictBox.Write(AnsiConsole.Console, report, new VerdictFiles(null, null, null));
            return ExitCode.Ok;
        }

        return Write(Face(report, format), write);
    }

    /// <summary>Ids of the sweeps whose reports stand in a state folder, the newest first: for a shell that completes what is typed.</summary>
    public static IEnumerable<string> Known(string? stateFolder)
    {
        var reports = new DirectoryInfo(Path.Combine(stateFolder ?? StateDirectory.DefaultName, "reports"));
        return reports.Exists ? reports.EnumerateDirectories().OrderByDescending(folder => folder.LastWriteTimeUtc).Select(folder => folder.Name) : [];
    }

    private async Task<Report?> ReportOfAsync(SqlSweepStore store, StoredReports reports, string? name, CancellationToken cancellationToken)
    {
        var stored = name is null
            ? (await store.ListSweepsAsync(new SweepQuery { Limit = 1 }, cancellationToken)).Sweeps.FirstOrDefault()
            : await store.FindSweepAsync(new SweepId(name), cancellationToken) ?? (await store.ListSweepsAsync(new SweepQuery { Name = name, Limit = 1 }, cancellationToken)).Sweeps.FirstOrDefault();
        if (stored is null)
        {
            var sweeps = (await store.ListSweepsAsync(new SweepQuery { Limit = 5 }, cancellationToken)).Sweeps;
            await error.WriteLineAsync($"{name ?? "report"}: there is no such sweep here. Known: {string.Join(", ", sweeps.Select(sweep => sweep.Id.Value).DefaultIfEmpty("none"))}.");
            return null;
        }

        var reading = SweepFile.Rebuild(SweepSubmission.FromJson((await store.SubmissionAsync(stored.Id, cancellationToken))!));
        if (reading.Sweep is not { } definition)
        {
            await error.WriteLineAsync($"{stored.Id}: its stored definition cannot be read by this version of tuner: {reading.Errors.First().Message}");
            return null;
        }

        var report = await reports.TellAsync(stored, definition, await store.TrialsAsync(stored.Id, cancellationToken), cancellationToken);
        return report with
        {
            Sweep = report.Sweep with { DefinitionPath = Path.Combine(reading.Submission!.BaseDirectory, reading.Submission.FileName) },
            Evidence = report.Evidence with { Versions = report.Evidence.Versions with { Tuner = BuildKind.Version } },
        };
    }

    private static string Face(Report report, string format) => format switch
    {
        "json" => ReportJson.Write(report),
        "markdown" => ReportMarkdown.Write(report),
        "html" => ReportHtml.Write(report),
        _ => VerdictBox.Text(report, new VerdictFiles(null, null, null)),
    };

    private static string Face(ReportComparison comparison, string format) => format switch
    {
        "json" => ReportJson.Write(comparison),
        "html" => ReportHtml.Write(comparison),
        _ => ComparisonMarkdown.Write(comparison),
    };

    private static int Write(string content, Action<string> write)
    {
        write(content);
        return ExitCode.Ok;
    }
}
