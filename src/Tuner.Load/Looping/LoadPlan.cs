using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Load.Pacing;

namespace Tuner.Load.Looping;

/// <summary>A profile with its options, laid out on the time of one load: what every thread of the generator works from.</summary>
internal sealed record LoadPlan
{
    public required LoadProfile Profile { get; init; }

    public required LoadOptions Options { get; init; }

    public required int Endpoints { get; init; }

    /// <summary>The warm-up, where there is one, and then the phases; index = the phase number used by schedule and recorder.</summary>
    public required ImmutableArray<PlannedPhase> Phases { get; init; }

    public long End => Phases[^1].End;

    public long TimeoutNanoseconds => Profile.Timeout.Ticks * 100;

    public static LoadPlan Create(LoadProfile profile, LoadOptions options, int endpoints)
    {
        Check(profile, endpoints);
        var phases = ImmutableArray.CreateBuilder<PlannedPhase>();
        long start = 0;
        if (options.Warmup > TimeSpan.Zero)
        {
            phases.Add(new PlannedPhase(WarmupOf(profile.Phases[0], options.Warmup), 0, Recorded: false));
            start = phases[0].End;
        }

        foreach (var phase in profile.Phases)
        {
            phases.Add(new PlannedPhase(phase, start, Recorded: true));
            start = phases[^1].End;
        }

        // A batch is over when it is answered.
        var batch = profile.Phases is [UsersPhase { Requests: { } requests }] ? requests : (long?)null;
        return new LoadPlan { Profile = profile, Options = options with { MaxRequests = options.MaxRequests ?? batch }, Endpoints = endpoints, Phases = phases.ToImmutable() };
    }

    private static Phase WarmupOf(Phase first, TimeSpan duration) => first switch
    {
        UsersPhase users => new UsersPhase("warm-up", duration, users.Users),
        RatePhase level => new RatePhase("warm-up", duration, level.RatePerSecond),
        RampPhase ramp => new RatePhase("warm-up", duration, ramp.FromRatePerSecond),
        CurvePhase curve => new RatePhase("warm-up", duration, curve.Points.Length > 0 ? curve.Points[0].RatePerSecond : 1),
        RecordedPhase recorded => new RatePhase("warm-up", duration, recorded.PeakRate),
        _ => throw new ArgumentException($"Phase '{first.Name}' is of an unknown kind: {first.GetType().Name}."),
    };

    private static void Check(LoadProfile profile, int endpoints)
    {
        if (endpoints == 0)
        {
            throw new ArgumentException("The load has no endpoint to send to.");
        }

        if (profile.Phases.IsDefaultOrEmpty)
        {
            throw new ArgumentException("The load has no phase. Give at least one with a rate or a number of users.");
        }

        foreach (var phase in profile.Phases)
        {
            if (phase is UsersPhase == profile.IsOpenModel)
            {
                throw new ArgumentException(
                    $"Phase '{phase.Name}' does not fit arrival {profile.Arrival}: rates belong to an open model, users to a closed one.");
            }

            if (phase.Duration <= TimeSpan.Zero)
            {
                throw new ArgumentException($"Phase '{phase.Name}' lasts {phase.Duration}; give it a positive duration.");
            }
        }
    }
}
