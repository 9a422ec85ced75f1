using System.Collections.Immutable;
using System.Net.Sockets;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Load.Judging;
using Tuner.Load.Looping;
using Tuner.Load.Recording;

namespace Tuner.Load;

/// <summary>Puts a target under load and measures it. Open model: latency counts from the moment a request should have been sent.</summary>
public sealed class LoadGenerator(TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    public LoadGenerator()
        : this(TimeProvider.System)
    {
    }

    /// <summary>
    /// Sends the load to the endpoints, round robin per request, and returns when every request was answered, failed or
    /// timed out. What goes wrong with requests is in the measurement, as is what went wrong with the generator itself.
    /// </summary>
    /// <exception cref="ArgumentException">The profile is contradictory, or the engine asked for cannot send it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was measured is lost (unlike <see cref="LoadOptions.Finish"/>).</exception>
    public async Task<Measurement> RunAsync(LoadProfile profile, IReadOnlyList<Uri> endpoints, LoadOptions options, CancellationToken cancellationToken)
    {
        var plan = LoadPlan.Create(profile, options, endpoints.Count);
        cancellationToken.ThrowIfCancellationRequested();
        using var engine = CreateEngine(plan, endpoints);
        using var heap = QuietHeap.Begin();
        using var awake = AwakeCores.Hold(options);
        var machine = MachineWatch.Start();
        var startedAt = time.GetUtcNow();
        var cpu = Environment.CpuUsage.TotalTime;
        var run = new LoadRun(plan, engine);
        using var cancel = cancellationToken.Register(run.Control.Cancel);
        using var finish = options.Finish.Register(() => run.Control.Stop(run.Elapsed));

        var ended = run.Start();
        var endedEarly = await new LoadObservation(plan, run, time).WatchUntilAsync(ended, LookEvery);
        cancellationToken.ThrowIfCancellationRequested();
        endedEarly ??= run.Control.StopAt < plan.End && options.Finish.IsCancellationRequested ? "asked to finish" : null;
        if (run.Outcomes.FirstOrDefault(outcome => outcome.Fault is not null) is { Fault: { } fault })
        {
            throw new InvalidOperationException($"A thread of the load generator failed: {fault.Message}", fault);
        }

        return Conclude(plan, run, engine, Environment.CpuUsage.TotalTime - cpu) with
        {
            Replicas = Replicas(run, endpoints),
            StartedAt = startedAt,
            Machine = machine.Stop(),
            EndedEarly = endedEarly,
        };
    }

    private static EngineSetup CreateEngine(LoadPlan plan, IReadOnlyList<Uri> endpoints)
    {
        try
        {
            return EngineChoice.Create(plan, endpoints);
        }
        catch (SocketException exception)
        {
            throw new ArgumentException($"The load's target cannot be found: {exception.Message} ({string.Join(", ", endpoints)}).", exception);
        }
    }

    private static Measurement Conclude(LoadPlan plan, LoadRun run, EngineSetup engine, TimeSpan processCpu)
    {
        var endedAt = run.Outcomes.Max(outcome => outcome.EndedAt);
        var phases = PhaseSeconds.Collect(plan, run.Recorders, Math.Min(Math.Min(run.Control.StopAt, endedAt), plan.End), onlyFull: false);
        var health = Health(plan, run, engine, processCpu, endedAt);
        var judged = new JudgedLoad
        {
            Phases = phases,
            Generator = health,
            OpenModel = plan.Profile.IsOpenModel,
            ConnectionsExhausted = run.Outcomes.Any(outcome => outcome.ConnectionsExhausted),
            MaxConnections = plan.Profile.Connections.Max,
            Limit = run.Outcomes.Max(outcome => outcome.Limit),
            MinRequests = plan.Options.MinRequests,
            EndedEarly = run.Control.StopAt < plan.End ? "yes" : null,
        };
        return new Measurement
        {
            StartedAt = default,
            Engine = engine.Name,
            OpenModel = plan.Profile.IsOpenModel,
            Warmup = plan.Options.Warmup,
            Elapsed = TimeSpan.FromTicks(Math.Max(0, endedAt - plan.Phases.First(phase => phase.Recorded).Start) / 100),
            Phases = phases,
            Generator = health,
            InvalidReasons = SelfJudgement.Reasons(judged),
            Notes = Notes(plan),
        };
    }

    /// <summary>One address may be named several times, so that its connections take turns: it is one of them then.</summary>
    private static ImmutableArray<ReplicaRequests>? Replicas(LoadRun run, IReadOnlyList<Uri> endpoints)
    {
        var counts = ReplicaRequests.Merge(run.Outcomes.Select(outcome =>
            endpoints.Select((endpoint, index) => new ReplicaRequests(endpoint.Authority, outcome.Sent[index], outcome.Answered[index])).ToImmutableArray()));
        return counts.Length > 1 ? counts : null;
    }

    private static GeneratorHealth Health(LoadPlan plan, LoadRun run, EngineSetup engine, TimeSpan processCpu, long endedAt)
    {
        var lag = new LatencyHistogram();
        foreach (var recorder in run.Recorders)
        {
            recorder.AddLagTo(lag);
        }

        var seconds = Math.Max(1e-3, endedAt / 1e9);
        var cpu = engine.OwnsItsThreads ? run.Outcomes.Sum(outcome => outcome.Cpu?.TotalSeconds ?? 0) : processCpu.TotalSeconds;
        return new GeneratorHealth
        {
            ScheduleLag = lag,
            CpuCores = cpu / seconds,
            BusyShare = engine.OwnsItsThreads ? 1 - Math.Clamp(run.Idle.Min(idle => idle ?? 0) / (double)Math.Max(1, endedAt), 0, 1) : null,
            Threads = engine.Threads,
            Resent = run.Outcomes.Sum(outcome => outcome.Resent),
            Pacing = plan.Options.Pacing.ToString().ToLowerInvariant(),
            PeakConnections = run.Outcomes.Sum(outcome => outcome.PeakConnections),
            InFlightAtEnd = run.Outcomes.Sum(outcome => outcome.InFlightAtEnd),
            Protection = plan.Options.Protection,
        };
    }

    private static ImmutableArray<string> Notes(LoadPlan plan)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
#if DEBUG
        notes.Add("the load generator is a Debug build: its own costs are higher than they should be");
#endif
        if (plan.Options.Engine is LoadEngine.Auto && plan.Profile.Request.Protocol is HttpProtocol.Http11 && !OperatingSystem.IsLinux())
        {
            notes.Add("the native engine needs Linux; the portable one was used");
        }

        return notes.ToImmutable();
    }
}
