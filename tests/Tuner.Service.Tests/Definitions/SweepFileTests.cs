using Tuner.Core.Loads;
using Tuner.Core.Pricing;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;

namespace Tuner.Service.Tests.Definitions;

public sealed class SweepFileTests : IDisposable
{
    private readonly SweepTexts texts = new();

    public void Dispose() => texts.Dispose();

    [Fact]
    public void Reads_the_whole_sample_of_the_design()
    {
        texts.Write("small.json", "{}");
        texts.Write("large.json", "{\"a\":1}");
        var reading = texts.Load(SweepTexts.Full);

        Assert.Equal("", SweepTexts.Printed(reading));
        var sweep = reading.Sweep!;
        Assert.Equal(("digits", "vision"), (sweep.Name, sweep.Labels["team"]));
        var process = Assert.IsType<Target.Process>(sweep.Target);
        Assert.Equal(["dotnet", "{{tuner.samples}}/Tuner.SampleModel.dll", "--port", "{{port}}", "--workers", "{{workers}}"], process.Command.Select(part => part.Text));
        Assert.Equal(new Readiness("/healthz", TimeSpan.FromSeconds(60)), process.Readiness);
        Assert.Equal(texts.Folder, process.WorkingDirectory);
        Assert.Equal(["replicas", "workers", "threads", "batchSize", "batchDelayMs", "instanceType"], sweep.Space.Parameters.Select(parameter => parameter.Name));
        Assert.Equal("replicas=1 workers=1 threads=1 batchSize=1 batchDelayMs=0 instanceType=sample-one", sweep.Baseline!.Key);
        Assert.Equal([("steady", 20, 80), ("peak", 20, 250)], sweep.Load.Phases.OfType<RatePhase>().Select(phase => (phase.Name, phase.Duration.TotalSeconds, phase.RatePerSecond)));
        Assert.Equal([("small.json", 8.0), ("large.json", 2.0)], sweep.Load.Request.Bodies.Select(body => (body.Name, body.Weight)));
        Assert.Equal(
            [(new QuantileMetric("latency", 0.99), 0.1, null), (new ErrorRateMetric(), 0.01, null), (new ThroughputMetric(), 240, "peak")],
            sweep.Slos.Select(slo => (slo.Metric, slo.Limit, slo.Phase)));
        Assert.Equal("replicas", Assert.IsType<CostModel.ByInstance>(sweep.Cost).Instances.Text);
        Assert.Equal(new SearchSettings { Strategy = "bayesian", Seed = 42 }, sweep.Search);
        Assert.Equal(new SweepBudget { Trials = 40, WallTime = TimeSpan.FromHours(3), Money = 25, Failures = 15, Parallel = 1 }, sweep.Budget);
        Assert.Equal(new VerificationSettings { Finalists = 3, Repeats = 3, Confidence = 0.95 }, sweep.Verification);
        Assert.Equal(new SweepSchedule("0 2 * * *", "Europe/London", ScheduleOverlap.Skip), sweep.Schedule);
    }

    [Theory]
    [InlineData("energy", Objective.ReportedMetric, ObjectiveBasis.Measured)]
    [InlineData("cost per million requests", Objective.CostPerMillionRequests, ObjectiveBasis.Known)]
    [InlineData("cost per hour", Objective.CostPerHour, ObjectiveBasis.Known)]
    public void Reads_what_is_minimized(string written, Objective objective, ObjectiveBasis basis)
    {
        var reading = texts.Load($$"""
            {{SweepTexts.Minimal}}
            metrics: { energy: { path: /stats, json: joules } }
            objective: { minimize: {{written}} }
            """);

        Assert.Equal("", SweepTexts.Printed(reading));
        Assert.Equal((objective, basis), (reading.Sweep!.Objective, reading.Sweep.ObjectiveBasis()));
        Assert.Equal(basis is ObjectiveBasis.Measured ? written : null, reading.Sweep.Minimized);
    }

    [Fact]
    public void The_cost_of_a_million_requests_is_measured_where_answers_decide_how_many_there_are()
    {
        var reading = texts.Load($$"""
            {{SweepTexts.Minimal.Replace("- { rate: 50/s, duration: 30s }", "- { users: 8, duration: 60s }", StringComparison.Ordinal).Replace("load:", "load:\n  arrival: closed", StringComparison.Ordinal)}}
            objective: { minimize: cost per million requests }
            """);

        Assert.Equal("", SweepTexts.Printed(reading));
        Assert.Equal(ObjectiveBasis.MeasuredPerPrice, reading.Sweep!.ObjectiveBasis());
    }

    [Fact]
    public void Refuses_to_minimize_what_nobody_reports_and_a_goal_per_hour_for_something_else()
    {
        var unknown = texts.Load($"{SweepTexts.Minimal}\nobjective: {{ minimize: energy }}");
        var goal = texts.Load($"{SweepTexts.Minimal}\nmetrics: {{ energy: {{ path: /stats, json: joules }} }}\nobjective: {{ minimize: energy }}\nsearch: {{ goal: 1 USD }}");

        Assert.Contains("objective.minimize: 'energy' cannot be minimized", SweepTexts.Printed(unknown), StringComparison.Ordinal);
        Assert.Contains("search.goal: A goal is a cost per hour", SweepTexts.Printed(goal), StringComparison.Ordinal);
    }

    [Fact]
    public void Resolves_the_defaults_of_a_minimal_file()
    {
        var reading = texts.Load(SweepTexts.Minimal, "My Server.yaml");

        Assert.Equal("", SweepTexts.Printed(reading));
        var sweep = reading.Sweep!;
        Assert.Equal("my-server", sweep.Name);
        Assert.Equal(new MeasurementSettings(), sweep.Measurement);
        Assert.Equal(new VerificationSettings(), sweep.Verification);
        Assert.Equal(new SearchSettings(), sweep.Search);
        Assert.Equal("1", ((Target.Process)sweep.Target).Replicas.Text);
        Assert.Equal((Arrival.Poisson, "GET", "phase-1"), (sweep.Load.Arrival, sweep.Load.Request.Method, sweep.Load.Phases[0].Name));
        Assert.Equal(0.04937m, sweep.PerHour(new Candidate([new("workers", ParameterValue.Of(1)), new("instanceType", ParameterValue.Of("sample-one"))])));
    }

    [Fact]
    public void Makes_the_same_sweep_again_from_what_was_stored()
    {
        texts.Write("small.json", "{}");
        texts.Write("large.json", "{\"a\":1}");
        var reading = texts.Load(SweepTexts.Full);
        File.Delete(Path.Combine(texts.Folder, "small.json"));

        var again = SweepFile.Rebuild(SweepSubmission.FromJson(reading.Submission!.ToJson()));

        Assert.Equal(reading.Sweep!.Fingerprint, again.Sweep!.Fingerprint);
        Assert.Equal(reading.Sweep.Load.Request.Bodies[1].Content.ToArray(), again.Sweep.Load.Request.Bodies[1].Content.ToArray());
    }
}
