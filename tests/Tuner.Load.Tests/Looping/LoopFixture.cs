using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Load.Looping;
using Tuner.Load.Pacing;
using Tuner.Load.Recording;

namespace Tuner.Load.Tests.Looping;

/// <summary>Runs a load in virtual time.</summary>
internal sealed class LoopFixture
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000_000_000;

    private readonly LoadPlan plan;
    private readonly LoadRecorder recorder;
    private readonly LoadLoop loop;

    private LoopFixture(LoadProfile profile, LoadOptions options, IWire wire, int slots)
    {
        plan = LoadPlan.Create(profile, options, 2);
        recorder = new LoadRecorder(plan.Phases);
        IRequestSource source = profile.IsOpenModel
            ? new ScheduledRequests(new SendSchedule(plan.Phases, profile.Arrival, options.Seed, limit: options.MaxRequests ?? long.MaxValue))
            : new UserRequests(plan.Phases, 0, 1, options.MaxRequests ?? long.MaxValue);
        Control = new LoopControl();
        loop = new LoadLoop(plan, wire, source, recorder, Control, slots);
    }

    public LoopControl Control { get; }

    public LoopOutcome Outcome => loop.Outcome;

    public ImmutableArray<PhaseMeasurement> Phases => PhaseSeconds.Collect(plan, [recorder], Math.Min(plan.End, Control.StopAt), onlyFull: false);

    public PhaseMeasurement Phase => Phases[0];

    public static LoadProfile Open(double rate, TimeSpan duration, Arrival arrival = Arrival.Constant) => new()
    {
        Request = new RequestTemplate(),
        Arrival = arrival,
        Phases = [new RatePhase("steady", duration, rate)],
    };

    public static LoadProfile Closed(int users, TimeSpan duration) => new()
    {
        Request = new RequestTemplate(),
        Arrival = Arrival.Closed,
        Phases = [new UsersPhase("steady", duration, users)],
    };

    public static LoopFixture Run(LoadProfile profile, IWire wire, LoadOptions? options = null, int slots = 4096, Action<LoopControl>? before = null)
    {
        var fixture = new LoopFixture(profile, options ?? new LoadOptions(), wire, slots);
        before?.Invoke(fixture.Control);
        fixture.loop.Run(0);
        return fixture;
    }
}
