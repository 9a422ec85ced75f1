using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Load.Pacing;
using Tuner.Load.Recording;

namespace Tuner.Load.Looping;

/// <summary>One load under way: a loop on a thread of its own for each shard of the requests.</summary>
internal sealed class LoadRun
{
    // The threads start, and their code is compiled, before the first request is due.
    private const long Lead = 20_000_000;
    private readonly LoadPlan plan;
    private readonly EngineSetup engine;
    private readonly LoadRecorder[] recorders;
    private readonly LoadLoop?[] loops;
    private readonly LoopOutcome?[] outcomes;
    private readonly long?[] idle;
    private readonly long origin = MonotonicClock.Now + Lead;

    public LoadRun(LoadPlan plan, EngineSetup engine)
    {
        this.plan = plan;
        this.engine = engine;
        recorders = [.. Enumerable.Range(0, engine.Threads).Select(_ => new LoadRecorder(plan.Phases))];
        loops = new LoadLoop?[engine.Threads];
        outcomes = new LoopOutcome?[engine.Threads];
        idle = new long?[engine.Threads];
    }

    public LoopControl Control { get; } = new();

    public ImmutableArray<LoadRecorder> Recorders => [.. recorders];

    public IReadOnlyList<LoopOutcome> Outcomes => [.. outcomes.OfType<LoopOutcome>()];

    /// <summary>Idle time of each thread in nanoseconds, where it is known.</summary>
    public IReadOnlyList<long?> Idle => idle;

    /// <summary>Nanoseconds since the load began; negative before it does.</summary>
    public long Elapsed => MonotonicClock.Now - origin;

    /// <summary>Ends when every thread has; their faults are in the outcomes.</summary>
    public Task Start() => Task.WhenAll(Enumerable.Range(0, engine.Threads).Select(StartThread));

    private Task StartThread(int shard)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Run(shard);
            }
            catch (Exception exception)
            {
                // The edge of a thread: reported by whoever waits for the load.
                outcomes[shard] = new LoopOutcome { Fault = exception };
                Control.Cancel();
            }
            finally
            {
                ended.SetResult();
            }
        })
        {
            IsBackground = true,
            Name = $"load {shard}",
        };
        thread.Start();
        return ended.Task;
    }

    private void Run(int shard)
    {
        using var scope = ThreadScope.Enter(plan.Options);
        var slots = SlotsOf(shard);
        using var wire = engine.CreateWire(slots);
        var loop = new LoadLoop(plan, wire, CreateSource(shard), recorders[shard], Control, slots, engine.Threads);
        loops[shard] = loop;
        loop.Run(origin);
        loop.Outcome.Cpu = engine.OwnsItsThreads ? scope.Cpu : null;
        idle[shard] = wire.IdleNanoseconds;
        outcomes[shard] = loop.Outcome;
    }

    private IRequestSource CreateSource(int shard)
    {
        var limit = plan.Options.MaxRequests ?? long.MaxValue;
        return plan.Profile.IsOpenModel
            ? new ScheduledRequests(new SendSchedule(plan.Phases, plan.Profile.Arrival, plan.Options.Seed, shard, engine.Threads, limit))
            : new UserRequests(plan.Phases, shard, engine.Threads, limit == long.MaxValue ? limit : UserRequests.Share(limit, shard, engine.Threads));
    }

    private int SlotsOf(int shard)
    {
        var all = plan.Profile.IsOpenModel
            ? plan.Profile.Connections.Max
            : plan.Phases.Max(phase => phase.Phase is UsersPhase users ? users.Users : 0);

        // A stream of HTTP/2 is not a connection; the server's limits on streams apply then.
        all = plan.Profile.Request.Protocol is not HttpProtocol.Http11 ? Math.Max(all, 16_384) : all;
        return Math.Max(1, UserRequests.Share(all, shard, engine.Threads));
    }
}

/// <summary>What an engine needs to run: its name, its threads, and how each makes its wire for so many slots.</summary>
internal sealed record EngineSetup(string Name, int Threads, bool OwnsItsThreads, Func<int, IWire> CreateWire) : IDisposable
{
    public IDisposable? Resources { get; init; }

    public void Dispose() => Resources?.Dispose();
}
