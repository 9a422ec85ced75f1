using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Pricing;
using Tuner.Core.Reported;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>A validated sweep: every default resolved, every reference found, every expression parsed.</summary>
public sealed record Sweep
{
    public required string Name { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required Target Target { get; init; }

    public required SearchSpace Space { get; init; }

    /// <summary>Today's configuration: measured first, and what savings are counted against.</summary>
    public Candidate? Baseline { get; init; }

    public required LoadProfile Load { get; init; }

    public required ImmutableArray<Slo> Slos { get; init; }

    /// <summary>Numbers that the target reports and that SLOs name.</summary>
    public ImmutableArray<ReportedNumber> Reported { get; init; } = [];

    public required Objective Objective { get; init; }

    /// <summary>The reported number that is minimized, by its name in <see cref="Reported"/>; null where a cost is.</summary>
    public string? Minimized { get; init; }

    public required CostModel Cost { get; init; }

    public required SearchSettings Search { get; init; }

    public required MeasurementSettings Measurement { get; init; }

    public required SweepBudget Budget { get; init; }

    public required VerificationSettings Verification { get; init; }

    /// <summary>Measure the winner at other rates once it is known, so that the report can tell where its SLOs hold.</summary>
    public bool Envelope { get; init; }

    /// <summary>When the service runs it again; null where it runs once.</summary>
    public SweepSchedule? Schedule { get; init; }

    /// <summary>The pool of slots that its trials share with other sweeps; null where they share none. No part of the question.</summary>
    public string? Pool { get; init; }

    /// <summary>Where the prices come from and when they were read, in words.</summary>
    public string PriceSource { get; init; } = "";

    /// <summary>
    /// Hash (hex) over the resolved definition, the request bodies and the prices: two runs with the same fingerprint ask
    /// the same question.
    /// </summary>
    public required string Fingerprint { get; init; }

    /// <summary>The load with the request that this candidate is sent.</summary>
    public LoadProfile LoadOf(Candidate candidate) => Load.For(name => Space.Lookup(candidate, name));
}

/// <summary>What is minimized among the candidates that meet every SLO.</summary>
public enum Objective
{
    CostPerHour,

    /// <summary>At the offered rate in the open model, and then known beforehand; at the measured throughput in the closed one.</summary>
    CostPerMillionRequests,

    /// <summary>A number that the target reports.</summary>
    ReportedMetric,
}

/// <summary>How candidates are proposed.</summary>
public sealed record SearchSettings
{
    /// <summary>The <see cref="ISearchStrategy.Name"/> of a strategy.</summary>
    public string Strategy { get; init; } = "bayesian";

    public int Seed { get; init; } = 42;

    /// <summary>End the search after so many search trials in a row that found nothing cheaper; null for as long as it seems worth it.</summary>
    public int? Patience { get; init; }

    /// <summary>A cost per hour that is good enough, in the sweep's currency: the search ends once it is reached; null for the cheapest.</summary>
    public decimal? Goal { get; init; }

    /// <summary>Length of the load at a candidate's first look; null for the whole load.</summary>
    public TimeSpan? Screening { get; init; }

    /// <summary>Start from what earlier sweeps of the same name measured; false starts from nothing.</summary>
    public bool WarmStart { get; init; } = true;
}

/// <summary>How one trial measures.</summary>
public sealed record MeasurementSettings
{
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A percentile needs at least so many requests to be printed at all.</summary>
    public int MinRequests { get; init; } = 1000;

    /// <summary>The most trials of one candidate before verification.</summary>
    public int MaxRepeats { get; init; } = 3;

    /// <summary>End hopeless trials early.</summary>
    public bool EarlyAbort { get; init; } = true;

    /// <summary>Measure candidates that this machine cannot hold; the recommendation then says that it is not representative.</summary>
    public bool AllowOvercommit { get; init; }
}

/// <summary>Hard limits of a sweep; null means that there is none.</summary>
public sealed record SweepBudget
{
    public int? Trials { get; init; }

    public TimeSpan? WallTime { get; init; }

    /// <summary>In the sweep's currency: price times the time that candidates were deployed.</summary>
    public decimal? Money { get; init; }

    /// <summary>Candidates that may fail by their own fault before the sweep gives up.</summary>
    public int? Failures { get; init; }

    public int Parallel { get; init; } = 1;
}

/// <summary>How finalists are measured again before anything is recommended.</summary>
public sealed record VerificationSettings
{
    public int Finalists { get; init; } = 3;

    /// <summary>Fresh measurements of each finalist; 0 turns verification off.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>One-sided confidence of every verdict, 0.5 to 1.</summary>
    public double Confidence { get; init; } = 0.95;
}
