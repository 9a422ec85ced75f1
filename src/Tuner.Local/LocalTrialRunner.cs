using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tuner.Core.Measurements;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Load.Reporting;
using Tuner.Local.Deploying;
using Tuner.Local.Leftovers;
using Tuner.Local.Measuring;

namespace Tuner.Local;

/// <summary>Runs trials on this machine: candidates are processes of it, or a service that runs already.</summary>
public sealed partial class LocalTrialRunner : ITrialRunner
{
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GraceWhenStopped = TimeSpan.FromSeconds(3);
    private readonly LocalOptions options;
    private readonly ILoadRunner load;
    private readonly Func<int, IReadOnlyList<int>> allocatePorts;

    public LocalTrialRunner(LocalOptions options)
        : this(options, new GeneratedLoad(options))
    {
    }

    internal LocalTrialRunner(LocalOptions options, ILoadRunner load, Func<int, IReadOnlyList<int>>? allocatePorts = null)
    {
        this.options = options;
        this.load = load;
        this.allocatePorts = allocatePorts ?? Ports.Allocate;
    }

    /// <inheritdoc/>
    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            using var slot = !OperatingSystem.IsLinux() ? null : await MachineSlot.TakeAsync(
                options.SlotFile,
                $"trial {trial.Id} of process {Environment.ProcessId}",
                text => observer.Progress(new TrialProgress(text)),
                options.Time,
                cancellationToken);
            return sweep.Target switch
            {
                Target.Process target => await RunProcessAsync(sweep, target, trial, observer, cancellationToken),
                Target.Endpoint target => await RunEndpointAsync(sweep, target, trial, observer, cancellationToken),
                _ => throw new InvalidOperationException($"A target of kind {sweep.Target.GetType().Name} does not run on this machine."),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(new TrialState.Interrupted("Tuner was stopped before the trial began."), TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) =>
        new LeftoverRemover(options.RecordDirectory, options.Machine.Hierarchy, options.Time).RemoveAsync(cancellationToken);

    private async Task<TrialOutcome> RunEndpointAsync(Sweep sweep, Target.Endpoint target, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            await observer.MeasuringAsync(cancellationToken);
            var measurement = await load.RunAsync(new LoadOrder(sweep, trial, target.Urls, IsLocal: false, "not needed: the target was there before", observer.Progress), cancellationToken);
            measurement = await ReportedReader.ReadAsync(measurement, sweep.Reported, target.Urls, options.Time, cancellationToken);
            return new TrialOutcome(EndOf(measurement), TimeSpan.Zero);
        }
        catch (ArgumentException exception)
        {
            // A load that cannot be sent as asked for, or not to this address; the message holds the cure.
            return new TrialOutcome(new TrialState.Invalid(exception.Message, null), TimeSpan.Zero);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new TrialOutcome(new TrialState.Interrupted("Tuner was stopped while the trial ran."), TimeSpan.Zero);
        }
    }

    private async Task<TrialOutcome> RunProcessAsync(Sweep sweep, Target.Process target, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new TrialOutcome(new TrialState.Invalid($"This machine cannot run the trial: {Machine.NeedsLinux}.", null), TimeSpan.Zero);
        }

        if (CandidateCommand.Replicas(sweep, target, trial.Candidate) is not { } replicas)
        {
            var text = target.Replicas.Render(name => sweep.Space.Lookup(trial.Candidate, name)?.Text);
            return new TrialOutcome(new TrialState.CandidateFailed(FailureKind.CannotStart, $"target.process.replicas: '{text}' is no number of processes. Give a whole number from 1 to 1000.", ""), TimeSpan.Zero);
        }

        var started = options.Time.GetTimestamp();
        var placement = Placement.For(options.Machine, ReplicaSize.Of(sweep, trial.Candidate, replicas), replicas);
        var deployment = new Deployment(Plan(sweep, target, trial, placement), options.Time);
        Ending ending;
        var removed = false;
        try
        {
            ending = await DeployAndMeasureAsync(deployment, replicas, placement.Enforcement, sweep, trial, observer, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ending = new Ending(null, null);
        }
        finally
        {
            observer.Progress(new TrialProgress("removing the candidate"));
            var grace = cancellationToken.IsCancellationRequested && target.StopTimeout > GraceWhenStopped ? GraceWhenStopped : target.StopTimeout;
            removed = await deployment.RemoveAsync(grace);
        }

        return new TrialOutcome(Conclude(ending, deployment, removed), options.Time.GetElapsedTime(started));
    }

    private DeploymentPlan Plan(Sweep sweep, Target.Process target, Trial trial, Placement placement) => new()
    {
        TrialId = trial.Id.Value,
        Sweep = sweep,
        Target = target,
        Candidate = trial.Candidate,
        Machine = options.Machine,
        Placement = placement,
        Nice = GeneratorShield.CandidateNice(options.Machine),
        SamplesDirectory = options.SamplesDirectory,
        RecordDirectory = options.RecordDirectory,
    };

    private async Task<Ending> DeployAndMeasureAsync(
        Deployment deployment, int replicas, string enforcement, Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        observer.Progress(new TrialProgress(replicas == 1 ? "starting the candidate" : $"starting {replicas} replicas"));
        if (await deployment.StartAsync(allocatePorts(replicas), cancellationToken) is { } failure)
        {
            return new Ending(failure, null);
        }

        await observer.MeasuringAsync(cancellationToken);
        using var shield = new GeneratorShield(options.Machine);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var use = new UseMeter(deployment, enforcement);
        var watching = WatchAsync(deployment, use, stop.Token);
        var loading = load.RunAsync(new LoadOrder(sweep, trial, deployment.Endpoints, IsLocal: true, shield.Text, observer.Progress), stop.Token);
        await Task.WhenAny(watching, loading);
        if (watching.IsCompleted)
        {
            // Dead or too big: whatever the load would still find out, the candidate has failed.
            await stop.CancelAsync();
            await Quietly(loading);
            cancellationToken.ThrowIfCancellationRequested();
            return new Ending(await watching, null);
        }

        // Read while it is still watched: a candidate that dies of this question has failed, too.
        var reporting = ReportAsync(loading, sweep, deployment.Endpoints, stop.Token);
        await Task.WhenAny(watching, reporting);

        // A process that died of the last request needs a moment to be seen as ended.
        await Task.WhenAny(watching, Task.Delay(LastMoment, options.Time, stop.Token));
        var check = deployment.Check() ?? (watching.IsCompletedSuccessfully ? await watching : null);
        await stop.CancelAsync();
        await Quietly(watching);
        cancellationToken.ThrowIfCancellationRequested();
        if (check is not null)
        {
            await Quietly(reporting);
            return new Ending(check, null);
        }

        var measurement = await reporting;
        return new Ending(null, measurement with { Candidate = use.Read() });
    }

    private async Task<Measurement> ReportAsync(Task<Measurement> loading, Sweep sweep, IReadOnlyList<Uri> endpoints, CancellationToken cancellationToken) =>
        await ReportedReader.ReadAsync(await loading, sweep.Reported, endpoints, options.Time, cancellationToken);

    /// <summary>Looks after the candidate until something is wrong with it.</summary>
    private async Task<Failure?> WatchAsync(Deployment deployment, UseMeter use, CancellationToken cancellationToken)
    {
        while (true)
        {
            if ((deployment.Check() ?? deployment.OverMemory(use.Sample())) is { } failure)
            {
                return failure;
            }

            deployment.Remember();
            await Task.WhenAny(deployment.AnyExited, Task.Delay(Watch, options.Time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits for a task whose result does not matter any more.</summary>
    private static async Task Quietly(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static TrialState Conclude(Ending ending, Deployment deployment, bool removed)
    {
        if (!removed)
        {
            return new TrialState.Invalid("The candidate's processes could not be removed; the next start of Tuner tries again.", ending.Measurement);
        }

        return ending switch
        {
            { Failure: Failure.OfCandidate failure } => Classified(failure, deployment.LogTail()),
            { Failure: Failure.OfMachine failure } => new TrialState.Invalid(failure.Reason, null),
            { Measurement: { } measurement } => EndOf(measurement),
            _ => new TrialState.Interrupted("Tuner was stopped while the trial ran."),
        };
    }

    private static TrialState EndOf(Measurement measurement) => measurement.IsValid
        ? new TrialState.Measured(measurement)
        : new TrialState.Invalid(string.Join(" ", measurement.InvalidReasons), measurement);

    /// <summary>What servers say themselves when their port is taken tells more than that they ended.</summary>
    private static TrialState.CandidateFailed Classified(Failure.OfCandidate failure, string logTail) =>
        failure.Kind is FailureKind.ExitedAtStart or FailureKind.NeverReady && PortTaken().IsMatch(logTail)
            ? new TrialState.CandidateFailed(FailureKind.PortInUse, failure.Reason + " Its log says that the port is in use.", logTail)
            : new TrialState.CandidateFailed(failure.Kind, failure.Reason, logTail);

    [GeneratedRegex("address (is )?already in use|address in use|EADDRINUSE|port (\\d+ )?(is )?already in use", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PortTaken();

    private sealed record Ending(Failure? Failure, Measurement? Measurement);
}
