using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Tuner.Core.Gate;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Sweeps;
using Tuner.Local;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Gate;
using Tuner.Service.Reports;
using Tuner.Service.Storage;

namespace Tuner.Cli;

/// <summary>One call of <c>tuner run</c>: read, find or store the sweep, work on it, report.</summary>
internal sealed class SweepRun(SweepRunOptions options, TimeProvider time)
{
    private readonly TextWriter messages = Console.Error;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var reading = SweepFile.Load(options.File, ShippedPrices.Load());
        Print(reading);
        if (!reading.IsValid)
        {
            return ExitCode.BadInput;
        }

        WarnOfDebugBuild();
        var state = new StateDirectory(options.StateFolder);
        var machine = Machine.Probe();
        var local = new LocalOptions { StateDirectory = state.Path, Machine = machine, Time = time };
        var engineOptions = new SweepEngineOptions { Local = local };
        await using var engine = new ServiceCollection()
            .AddSingleton(time)
            .AddSingleton(new GatePlan { Pairs = options.GatePairs })
            .AddSweepEngine(await SqliteDatabase.OpenAsync(state.DatabaseFile, cancellationToken), engineOptions)
            .BuildServiceProvider();
        var store = engine.GetRequiredService<ISweepStore>();
        var choice = await new SweepChoice(store, engine.GetRequiredService<SweepIntake>(), engine.GetRequiredService<GateStore>()).ChooseAsync(reading, options, cancellationToken);
        messages.WriteLine(choice.Message);
        if (choice.Sweep is not { } stored)
        {
            return ExitCode.BadInput;
        }

        var definition = SweepFile.Rebuild(SweepSubmission.FromJson((await store.SubmissionAsync(stored.Id, cancellationToken))!)).Sweep!;
        var capacity = SweepPreparation.CapacityOf(machine);
        var preview = RenderedPreview.Of(definition, capacity);
        foreach (var warning in preview.Warnings)
        {
            messages.WriteLine($"warning: {warning}");
        }

        if (preview.Impossible is { } impossible)
        {
            messages.WriteLine(impossible);
            return ExitCode.BadInput;
        }

        var (sweep, problem) = await engine.GetRequiredService<SweepPreparation>().PrepareAsync(stored, cancellationToken);
        if (sweep is null)
        {
            messages.WriteLine(problem);
            return ExitCode.BadInput;
        }

        return await WorkAsync(engine, state, stored, sweep, preview, cancellationToken);
    }

    /// <summary>The command that finds the same sweep again.</summary>
    private string Again => $"tuner run {options.File}{(string.Equals(options.StateFolder, StateDirectory.DefaultName, StringComparison.Ordinal) ? "" : $" --state {options.StateFolder}")}";

    private async Task<int> WorkAsync(
        ServiceProvider engine, StateDirectory state, StoredSweep stored, Sweep sweep, SweepPreview preview, CancellationToken cancellationToken)
    {
        var store = engine.GetRequiredService<ISweepStore>();
        SweepEnding? ending;
        try
        {
            ending = await ExecuteAsync(engine, stored, sweep, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            messages.WriteLine($"Stopped; nothing is left running. Go on with: {Again}{(options.Resume is null ? "" : $" --resume {stored.Id}")}");
            return ExitCode.Interrupted;
        }

        switch (ending)
        {
            case null:
                messages.WriteLine($"Sweep {stored.Id} is being worked on by another process. Wait for it, or start another with --new.");
                return ExitCode.BadInput;
            case { Stop: not null } when stored.Gate is not null:
                return await GateAsync(engine.GetRequiredService<GateStore>(), stored, cancellationToken);
            case { Stop: { } stop }:
                return await ReportAsync(state, store, stored, sweep, stop, preview, engine.GetRequiredService<SweepEngineOptions>().Local);
            case { State: SweepState.Paused }:
                messages.WriteLine($"Sweep {stored.Id} was paused: {ending.Reason}. Go on with: {Again} --resume {stored.Id}");
                return ExitCode.Interrupted;
            default:
                messages.WriteLine($"Sweep {stored.Id} has failed: {ending.Reason}");
                return ExitCode.InternalError;
        }
    }

    /// <summary>The gate's word on the night, and the exit code that a pipeline goes by.</summary>
    private async Task<int> GateAsync(GateStore gate, StoredSweep stored, CancellationToken cancellationToken)
    {
        var night = (await gate.RunsAsync(stored.Project, stored.Name, atEachEnd: 1, cancellationToken)).FirstOrDefault(run => run.Sweep == stored.Id);
        if (night is null)
        {
            messages.WriteLine($"Sweep {stored.Id} has ended, and the gate could not judge it.");
            return ExitCode.InternalError;
        }

        Console.Out.WriteLine($"gate: {night.Report.Verdict.ToString().ToLowerInvariant()}: {night.Report.Reason}");
        foreach (var finding in night.Report.Findings)
        {
            Console.Out.WriteLine($"  {finding.Verdict.ToString().ToLowerInvariant(),-8}{finding.Reason}");
        }

        return AnswerCode.Of(night.Report.Verdict);
    }

    private async Task<int> ReportAsync(
        StateDirectory state, ISweepStore store, StoredSweep stored, Sweep sweep, StopReason stop, SweepPreview preview, LocalOptions local)
    {
        var ended = (await store.FindSweepAsync(stored.Id, CancellationToken.None))!;
        var trials = await store.TrialsAsync(stored.Id, CancellationToken.None);
        var report = SweepReport.Build(ended, sweep, trials, stop, ReportSurroundings.OfThisMachine(
            local.Machine, preview, BuildKind.Version, options.File, local.SamplesDirectory, BuildKind.IsDebug ? ["Measured with a Debug build of Tuner."] : []));
        var files = ReportFiles.Write(report, state.ReportFolder(stored.Id));
        if (options.Json)
        {
            Console.Out.Write(ReportJson.Write(report));
        }
        else
        {
            VerdictBox.Write(AnsiConsole.Console, report, new VerdictFiles(files.Html, files.Markdown, files.Json));
        }

        return ExitCode.Of(report.Verdict.Status, options.AcceptUnverified);
    }

    private async Task<SweepEnding?> ExecuteAsync(ServiceProvider engine, StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        var (claims, runs, node) = (engine.GetRequiredService<IClaimStore>(), engine.GetRequiredService<SweepRuns>(), engine.GetRequiredService<SweepEngineOptions>());
        if (stored.State is SweepState.Paused)
        {
            await engine.GetRequiredService<SweepControl>().ResumeAsync(stored.Id, "resumed by tuner run", cancellationToken);
        }

        await DeadNodes.EndLeasesAsync(claims, cancellationToken);
        var claimedAt = time.GetTimestamp();
        if (await claims.ClaimAsync(stored.Id, node.Node, node.Lease, cancellationToken) is not { } claim)
        {
            return null;
        }

        var earlier = await engine.GetRequiredService<ISweepStore>().TrialsAsync(stored.Id, cancellationToken);
        if (Console.IsOutputRedirected || options.Json)
        {
            return await runs.RunAsync(claim, claimedAt, new PlainProgress(sweep, earlier, stored.Running, messages, time), cancellationToken);
        }

        var live = new LiveProgress(sweep, stored.Running, AnsiConsole.Console, time);
        return await live.ShowAsync(
            earlier,
            () => runs.RunAsync(claim, claimedAt, live, cancellationToken));
    }

    private void Print(SweepReading reading)
    {
        foreach (var problem in reading.Problems)
        {
            messages.WriteLine(problem.Describe(reading.File));
        }
    }

    private void WarnOfDebugBuild()
    {
        if (BuildKind.IsDebug)
        {
            messages.WriteLine("Warning: this is a Debug build; its measurements are marked as such. Measure with: dotnet run -c Release …");
        }
    }
}
