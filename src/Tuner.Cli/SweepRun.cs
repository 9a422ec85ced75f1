using Spectre.Console;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local;
using Tuner.Search;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
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
        var store = new SqliteSweepStore(await SqliteDatabase.OpenAsync(state.DatabaseFile, cancellationToken));
        var choice = await new SweepChoice(store, time).ChooseAsync(reading, options, cancellationToken);
        messages.WriteLine(choice.Message);
        if (choice.Sweep is not { } stored)
        {
            return ExitCode.BadInput;
        }

        using var claim = state.TryClaim(stored.Id);
        if (claim is null)
        {
            messages.WriteLine($"Sweep {stored.Id} is being worked on by another process. Wait for it, or start another with --new.");
            return ExitCode.BadInput;
        }

        return await WorkAsync(state, store, stored, SweepFile.Rebuild(SweepSubmission.FromJson(stored.Submission)).Sweep!, cancellationToken);
    }

    private async Task<int> WorkAsync(StateDirectory state, ISweepStore store, StoredSweep stored, Sweep definition, CancellationToken cancellationToken)
    {
        var machine = Machine.Probe();
        var capacity = ThisMachine.CapacityOf(machine);
        var preview = SweepPreview.Of(definition, capacity);
        foreach (var warning in preview.Warnings)
        {
            messages.WriteLine($"warning: {warning}");
        }

        if (preview.Impossible is { } impossible)
        {
            messages.WriteLine(impossible);
            return ExitCode.BadInput;
        }

        var sweep = LocalFit.Restrict(definition, capacity);
        var local = new LocalOptions
        {
            StateDirectory = state.Path,
            Machine = machine,
            Time = time,
            EndEarly = (trialSweep, trial) => new EarlyEnd(trialSweep.Slos, trialSweep.Load, trialSweep.Judging(verifying: false))
            {
                // Fresh trials decide what is recommended: they only end early where they are hopeless.
                GoodToo = trial.Purpose is TrialPurpose.Search or TrialPurpose.Repeat,
            }.Look,
        };
        var executor = new SweepExecutor(store, new LocalTrialRunner(local), SearchStrategies.Find(sweep.Search.Strategy)!, time);
        StopReason stop;
        try
        {
            stop = await ExecuteAsync(executor, store, stored, sweep, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            messages.WriteLine($"Stopped; nothing is left running. Go on with: tuner run {options.File}{(options.Resume is null ? "" : $" --resume {stored.Id}")}");
            return ExitCode.Interrupted;
        }

        return await ReportAsync(state, store, stored, sweep, stop, preview, local);
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

        return ExitCode.Of(Recommender.Recommend(sweep, trials, stop), stop, options.AcceptUnverified);
    }

    private async Task<StopReason> ExecuteAsync(SweepExecutor executor, ISweepStore store, StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        if (Console.IsOutputRedirected || options.Json)
        {
            return await executor.RunAsync(stored, sweep, new PlainProgress(sweep, messages), cancellationToken);
        }

        var live = new LiveProgress(sweep, time);
        return await live.ShowAsync(
            await store.TrialsAsync(stored.Id, cancellationToken),
            () => executor.RunAsync(stored, sweep, live, cancellationToken));
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
