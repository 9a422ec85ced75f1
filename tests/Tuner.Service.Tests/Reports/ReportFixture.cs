using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Pricing;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Tests.Reports;

/// <summary>
/// A sweep as it could have been: a queueing formula stands in for the server, so that dear candidates are fast and cheap
/// ones miss, and every way in which a trial can end occurs. The same every time.
/// </summary>
internal sealed class ReportFixture
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);

    private readonly FixtureServer server = new();
    private readonly List<Trial> trials = [];
    private DateTimeOffset now = Start + TimeSpan.FromSeconds(2);

    public static readonly Slo Latency = new() { Text = "p99 latency <= 100ms", Metric = new QuantileMetric("latency", 0.99), Bound = Bound.AtMost, Limit = 0.1 };
    public static readonly Slo Errors = new() { Text = "error rate <= 1%", Metric = new ErrorRateMetric(), Bound = Bound.AtMost, Limit = 0.01 };
    public static readonly Slo Throughput = new() { Text = "throughput >= 190/s", Metric = new ThroughputMetric(), Bound = Bound.AtLeast, Limit = 190 };

    public static Sweep Sweep { get; } = new()
    {
        Name = "digits",
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("team", "vision"),
        Target = new Target.Process
        {
            Command = [.. new[] { "dotnet", "{{tuner.samples}}/Tuner.SampleModel.dll", "--port", "{{port}}", "--workers", "{{workers}}", "--name", "two words" }.Select(Template.Parse)],
            Environment =
            [
                KeyValuePair.Create("MAX_BATCH_SIZE", Template.Parse("{{batchSize}}")),
                KeyValuePair.Create("MODEL_API_TOKEN", Template.Parse("s3cr3t-value")),
            ],
            WorkingDirectory = "/srv",
            Replicas = Template.Parse("{{replicas}}"),
            Readiness = new Readiness("/v2/health/ready", TimeSpan.FromSeconds(60)),
        },
        Space = new SearchSpace
        {
            Parameters =
            [
                new IntegerParameter("replicas", 1, 3),
                new CategoricalParameter("workers", [ParameterValue.Of(1), ParameterValue.Of(2), ParameterValue.Of(4)]),
                new CategoricalParameter("batchSize", [ParameterValue.Of(1), ParameterValue.Of(4), ParameterValue.Of(8)]),
                new CategoricalParameter("instanceType", [ParameterValue.Of("sample-half"), ParameterValue.Of("sample-one")]),
            ],
            Instances = new[]
            {
                new InstanceType { Name = "sample-half", Vcpus = 0.5, MemoryGib = 1, PricePerHour = 0.0225m, Sample = true },
                new InstanceType { Name = "sample-one", Vcpus = 1, MemoryGib = 2, PricePerHour = 0.0425m, Sample = true },
            }.ToImmutableDictionary(item => item.Name),
        },
        Baseline = Candidate(2, 1, 1, "sample-one"),
        Load = new LoadProfile
        {
            Request = new RequestTemplate { Method = "POST", Path = "/v2/models/digits/infer" },
            Arrival = Arrival.Poisson,
            Phases = [new RatePhase("steady", TimeSpan.FromSeconds(20), FixtureServer.Rate)],
        },
        Slos = [Latency, Errors, Throughput],
        Objective = Objective.CostPerHour,
        Cost = new CostModel.ByInstance("USD", Parse("replicas")),
        Search = new SearchSettings { Strategy = "sobol", Seed = 42 },
        Measurement = new MeasurementSettings { Warmup = TimeSpan.FromSeconds(3) },
        Budget = new SweepBudget { Trials = 40, Money = 25m },
        Verification = new VerificationSettings(),
        Fingerprint = "9f2c41d07be35a8614c0de12ab34cd56",
    };

    public static Candidate Candidate(int replicas, int workers, int batchSize, string instanceType) => new(
    [
        KeyValuePair.Create("replicas", ParameterValue.Of(replicas)),
        KeyValuePair.Create("workers", ParameterValue.Of(workers)),
        KeyValuePair.Create("batchSize", ParameterValue.Of(batchSize)),
        KeyValuePair.Create("instanceType", ParameterValue.Of(instanceType)),
    ]);

    /// <summary>A finished sweep of some 25 trials with a verified winner.</summary>
    public static ReportInput Verified()
    {
        var fixture = new ReportFixture();
        fixture.RunSearch();
        var winner = Candidate(1, 2, 8, "sample-one");
        for (var round = 0; round < 3; round++)
        {
            fixture.Measure(winner, TrialPurpose.Verification);
            fixture.Measure(Sweep.Baseline!, TrialPurpose.Verification);
        }

        var evidence = fixture.Evidence();
        var chosen = evidence.Single(item => item.Candidate.Equals(winner));
        return fixture.Input(evidence) with
        {
            Recommendation = new Recommendation.Use { Winner = chosen, Verified = true, Binding = chosen.Slos[0] },
            TradeOffs = TradeOffs.Of(new SweepStanding(Sweep, fixture.trials), winner),
        };
    }

    /// <summary>The verified sweep with a last trial of its winner at rates below and above its own.</summary>
    public static ReportInput WithEnvelope()
    {
        var input = Verified();
        var winner = ((Recommendation.Use)input.Recommendation!).Winner.Candidate;
        var fixture = new ReportFixture();
        PhaseMeasurement Stage(string name, double rate, double served, double mean) => new()
        {
            Name = name,
            Duration = TimeSpan.FromSeconds(20),
            OfferedRate = rate,
            Seconds = [.. Enumerable.Range(0, 20).Select(index => fixture.server.Second(index, (int)served, mean, served < rate ? 0.97 : 0.5))],
        };
        var probe = fixture.server.Measure(winner, input.EndedAt, null, 4000) with { Phases = [Stage("x0.5", 100, 100, 0.008), Stage("x1.5", 300, 300, 0.05), Stage("x2", 400, 320, 0.4)] };
        return input with
        {
            Trials = input.Trials.Add(input.Trials[^1] with
            {
                Id = new TrialId("digits-7k2m-99"), Number = 99, Candidate = winner, Purpose = TrialPurpose.Envelope,
                State = new TrialState.Invalid("phase 'x2' was not stable", probe),
            }),
        };
    }

    /// <summary>The verified sweep in the closed model, where each trial measures what a million requests cost.</summary>
    public static ReportInput WithMeasuredCost()
    {
        var input = Verified();
        return Minimizing(
            input,
            Sweep with { Objective = Objective.CostPerMillionRequests, Load = Sweep.Load with { Arrival = Arrival.Closed, Phases = [new UsersPhase("steady", TimeSpan.FromSeconds(20), 16)] } },
            (sweep, candidate) => MeasuredObjective.Of(
                sweep, candidate, [.. input.Trials.Where(trial => trial.Candidate.Equals(candidate)).Select(trial => trial.State).OfType<TrialState.Measured>().Select(state => state.Measurement)]));
    }

    /// <summary>The verified sweep where the target reports what is minimized: joules, fewer with larger batches.</summary>
    public static ReportInput WithReportedObjective() => Minimizing(
        Verified(), Sweep with { Objective = Objective.ReportedMetric, Minimized = "joules" }, (_, candidate) => 3.5 + (20 / candidate["batchSize"].Number!.Value));

    private static ReportInput Minimizing(ReportInput input, Sweep sweep, Func<Sweep, Candidate, double?> objective)
    {
        CandidateEvidence Judged(CandidateEvidence item) => item with { MeasuredObjective = objective(sweep, item.Candidate) };
        var use = (Recommendation.Use)input.Recommendation!;
        return input with { Sweep = sweep, Evidence = [.. input.Evidence.Select(Judged)], Recommendation = use with { Winner = Judged(use.Winner) } };
    }

    /// <summary>The verified sweep as the fourth night of its name.</summary>
    public static ReportInput WithHistory() => Verified() with
    {
        History =
        [
            new HistoryPoint("digits-1", Start.AddDays(-3), VerdictStatus.Verified, "replicas=3", 0.127m, 0.0301, 0.1),
            new HistoryPoint("digits-2", Start.AddDays(-2), VerdictStatus.NothingFeasible, null, null, null, 0.1),
            new HistoryPoint("digits-3", Start.AddDays(-1), VerdictStatus.Verified, "replicas=2", 0.085m, 0.0417, 0.1),
        ],
    };

    /// <summary>The same search without its feasible candidates.</summary>
    public static ReportInput NothingFeasible()
    {
        var fixture = new ReportFixture();
        foreach (var (workers, batch) in new[] { (1, 1), (2, 1), (1, 4), (4, 1) })
        {
            fixture.Measure(Candidate(1, workers, batch, "sample-half"), TrialPurpose.Search);
        }

        var evidence = fixture.Evidence();
        var nearest = evidence.MinBy(item => item.Slos[0].Estimate)!;
        return fixture.Input(evidence) with
        {
            Recommendation = new Recommendation.NothingFeasible
            {
                Nearest = nearest,
                Binding = Latency,
                Relaxations = [new Relaxation(Latency, nearest.Slos[0].Upper!.Value, nearest.Candidate, nearest.CostPerHour)],
            },
        };
    }

    /// <summary>Ended by its budget with one candidate still open.</summary>
    public static ReportInput BudgetExhausted()
    {
        var fixture = new ReportFixture();
        fixture.Measure(Sweep.Baseline!, TrialPurpose.Baseline);
        var evidence = fixture.Evidence();
        var open = evidence[0] with { Slos = [evidence[0].Slos[0] with { Verdict = SloVerdict.Unknown, Lower = 0.06, Upper = 0.13, Reason = "the limit lies within the interval" }, .. evidence[0].Slos[1..]] };
        return fixture.Input([open]) with
        {
            Stop = new StopReason(StopKind.TrialBudget, "budget.trials: 1 of 1 used"),
            Recommendation = new Recommendation.Inconclusive { Reason = "no candidate is decided", Needs = "about 3 more trials of 20 s each", Closest = open },
        };
    }

    /// <summary>A sweep of so many trials, for questions of size.</summary>
    public static ReportInput Large(int count)
    {
        var fixture = new ReportFixture();
        var pool = new List<Measurement>();
        for (var index = 0; index < count; index++)
        {
            var candidate = new Candidate(Candidate(1 + (index % 3), 1 + (index % 50), 1 + index, index % 2 == 0 ? "sample-half" : "sample-one").Values);
            if (index % 9 == 4)
            {
                fixture.Fail(candidate, FailureKind.ExitedAtStart, "exit code 1 after 0.4 s", string.Join('\n', Enumerable.Repeat("a line of log that says little", 40)));
            }
            else
            {
                // Drawing every request anew would only take time: thirty measurements are dealt out in turn.
                if (pool.Count < 30)
                {
                    pool.Add(fixture.server.Measure(candidate, fixture.now, null, 1200));
                }

                var measurement = pool[index % pool.Count] with { StartedAt = fixture.now + TimeSpan.FromSeconds(5) };
                fixture.Add(candidate, TrialPurpose.Search, new TrialState.Measured(measurement), TimeSpan.FromSeconds(25.5));
            }
        }

        return fixture.Input(fixture.Evidence());
    }

    private static Expression Parse(string text) => Expression.TryParse(text, out var expression, out var error) ? expression : throw new FormatException(error);

    private void RunSearch()
    {
        Measure(Sweep.Baseline!, TrialPurpose.Baseline);
        Measure(Candidate(1, 1, 1, "sample-half"), TrialPurpose.Search, early: "p99 is above 100 ms with 99.9 % certainty after 6 s");
        Measure(Candidate(3, 2, 4, "sample-one"), TrialPurpose.Search);
        Fail(Candidate(1, 4, 8, "sample-half"), FailureKind.OutOfMemory, "used 1.07 GiB of 1 GiB after 4.1 s", "loading model…\nworker 3: allocating arena <b>of 256 MiB</b>\nToken s3cr3t-value accepted\nKilled");
        Measure(Candidate(2, 2, 4, "sample-half"), TrialPurpose.Search);
        Measure(Candidate(1, 2, 8, "sample-one"), TrialPurpose.Search);
        Invalid(Candidate(1, 1, 8, "sample-one"), "the generator lagged: p99 lag 8.2 ms, 1 ms is allowed");
        Measure(Candidate(1, 1, 8, "sample-one"), TrialPurpose.Search);
        Measure(Candidate(1, 2, 4, "sample-one"), TrialPurpose.Search);
        Interrupt(Candidate(1, 4, 4, "sample-one"), "tuner was stopped");
        Measure(Candidate(1, 4, 4, "sample-one"), TrialPurpose.Search);
        Measure(Candidate(2, 1, 8, "sample-half"), TrialPurpose.Search);
        Fail(Candidate(1, 4, 1, "sample-half"), FailureKind.NeverReady, "no 200 from /v2/health/ready within 60 s", "listening on 41233\nwaiting for workers");
        Measure(Candidate(1, 2, 8, "sample-half"), TrialPurpose.Search);
        Measure(Candidate(1, 4, 8, "sample-one"), TrialPurpose.Search);
        Measure(Candidate(1, 2, 8, "sample-one"), TrialPurpose.Repeat);
        Measure(Candidate(1, 4, 8, "sample-one"), TrialPurpose.Repeat);
        Measure(Candidate(1, 1, 1, "sample-one"), TrialPurpose.Search);
        Measure(Candidate(2, 4, 4, "sample-one"), TrialPurpose.Search);
    }

    private ReportInput Input(ImmutableArray<CandidateEvidence> evidence) => new()
    {
        Id = new SweepId("digits-7k2m"),
        Sweep = Sweep,
        Trials = [.. trials],
        Evidence = evidence,
        StartedAt = Start,
        EndedAt = now,
        Stop = new StopReason(StopKind.NothingPromising, "nothing left that is worth a trial"),
        Versions = new ToolVersions("0.1.0", ".NET 10.0.0", "Linux 6.1"),
        Machine = new MachineFacts("Fixture CPU", 2, 8L << 30, "host-1f3a"),
        SpaceSize = 54,
        Drift = EnvironmentDrift.Of(new SweepStanding(Sweep, trials)),
        TradeOffs = TradeOffs.Of(new SweepStanding(Sweep, trials), null),
        Excluded = [new ExcludedCandidates("3 replicas x 1 vCPU and the generator's core need more than the machine's 2 cores", 18)],
        DefinitionPath = "sweeps/digits.yaml",
    };

    private void Measure(Candidate candidate, TrialPurpose purpose, string? early = null, int latencies = 4000)
    {
        var deployed = TimeSpan.FromSeconds(early is null ? 25.5 : 11.5);
        var started = now;
        Add(candidate, purpose, new TrialState.Measured(server.Measure(candidate, started + TimeSpan.FromSeconds(5), early, latencies)), deployed);
    }

    private void Fail(Candidate candidate, FailureKind kind, string reason, string log) =>
        Add(candidate, TrialPurpose.Search, new TrialState.CandidateFailed(kind, reason, log), TimeSpan.FromSeconds(kind is FailureKind.NeverReady ? 60 : 4.1));

    private void Invalid(Candidate candidate, string reason) =>
        Add(candidate, TrialPurpose.Search, new TrialState.Invalid(reason, server.Measure(candidate, now + TimeSpan.FromSeconds(5), null, 4000)), TimeSpan.FromSeconds(25.5));

    private void Interrupt(Candidate candidate, string cause) =>
        Add(candidate, TrialPurpose.Search, new TrialState.Interrupted(cause), TimeSpan.FromSeconds(9));

    private void Add(Candidate candidate, TrialPurpose purpose, TrialState state, TimeSpan deployed)
    {
        var number = trials.Count + 1;
        trials.Add(new Trial
        {
            Id = new TrialId($"digits-7k2m-{number}"),
            Number = number,
            Candidate = candidate,
            Purpose = purpose,
            State = state,
            CreatedAt = now,
            Deployed = deployed,
            ChangedAt = now + deployed,
        });
        now += deployed + TimeSpan.FromSeconds(0.5);
    }

    private ImmutableArray<CandidateEvidence> Evidence() =>
    [
        .. trials.GroupBy(trial => trial.Candidate)
            .Select(group => (Candidate: group.Key, Measured: group.Select(trial => trial.State).OfType<TrialState.Measured>().Select(state => state.Measurement).ToList()))
            .Where(item => item.Measured.Count > 0)
            .Select(item => new CandidateEvidence
            {
                Candidate = item.Candidate,
                CostPerHour = Sweep.PerHour(item.Candidate),
                Measurements = item.Measured.Count,
                Slos = [.. Sweep.Slos.Select(slo => FixtureServer.Assess(slo, item.Measured))],
            }),
    ];
}
