namespace Tuner.Core.Measurements;

/// <summary>The load generator's watch on itself: where it was the limit, the measurement is invalid, not slow.</summary>
public sealed record GeneratorHealth
{
    /// <summary>How late requests left after their intended time (all phases).</summary>
    public required LatencyHistogram ScheduleLag { get; init; }

    /// <summary>CPU of the generator per second of wall time, in cores.</summary>
    public required double CpuCores { get; init; }

    /// <summary>Share of the time in which the busiest generator thread had work to do (waiting and spinning are not work), 0 to 1; null where unknown.</summary>
    public double? BusyShare { get; init; }

    /// <summary>Threads that sent the load.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Requests sent a second time because the server had closed the kept connection before it read them.</summary>
    public long Resent { get; init; }

    /// <summary>How waits were timed: <c>precise</c>, <c>economical</c> or <c>default</c>.</summary>
    public string Pacing { get; init; } = "default";

    /// <summary>The most connections that were open at once.</summary>
    public required int PeakConnections { get; init; }

    /// <summary>Requests without an answer when the load ended; they are counted as errors of kind <c>unanswered</c>.</summary>
    public required long InFlightAtEnd { get; init; }

    /// <summary>How the generator was shielded from the candidate: <c>own core</c>, <c>priority</c> or <c>none</c>, in words.</summary>
    public string Protection { get; init; } = "none";
}

/// <summary>What the candidate used while it was measured.</summary>
public sealed record ResourceUse
{
    /// <summary>CPU seconds over all its processes.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Largest resident memory seen, in bytes, over all its processes.</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>Time in which the CPU quota held it back; null where nothing was enforced.</summary>
    public TimeSpan? Throttled { get; init; }

    /// <summary>How the instance's CPU and memory were enforced, in words: <c>cpuset + quota (cgroup v1)</c>, <c>none</c>.</summary>
    public required string Enforcement { get; init; }
}

/// <summary>How much the machine itself disturbed the measurement.</summary>
public sealed record MachineNoise
{
    /// <summary>Share of time in which some task waited for CPU (pressure stall information), 0 to 1; null where not offered.</summary>
    public double? CpuPressure { get; init; }

    /// <summary>Share of CPU time that the hypervisor took away, 0 to 1.</summary>
    public double? Steal { get; init; }

    /// <summary>Speed of a fixed spin loop before and after, in loops per microsecond.</summary>
    public double? SpinBefore { get; init; }

    public double? SpinAfter { get; init; }
}
