using Tuner.Core.Reported;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Local.Tests;

public sealed class LocalTrialRunnerTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose()
    {
        bench.Dispose();
        Assert.Empty(Bench.Survivors());
    }

    [Fact]
    public async Task Measures_a_server_and_leaves_nothing_behind()
    {
        var port = 0;
        bench.Load = async (order, cancellationToken) =>
        {
            port = order.Endpoints.Single().Port;
            Assert.Equal("burnt", await Bench.GetAsync(order.Endpoints[0], "/burn/100", cancellationToken));
        };
        var outcome = await bench.RunAsync(bench.Target());
        var measured = Assert.IsType<TrialState.Measured>(outcome.State);
        Assert.True(measured.Measurement.Candidate!.CpuSeconds >= 0.05, $"CPU {measured.Measurement.Candidate.CpuSeconds} s");
        Assert.True(measured.Measurement.Candidate.PeakResidentBytes > 1 << 20);
        Assert.Equal(1, bench.Observed.Measuring);
        Assert.True(outcome.Deployed > TimeSpan.Zero);
        Assert.True(Deploying.Ports.IsFree(port));
        Assert.Empty(bench.Records);
    }

    [Fact]
    public async Task Gives_each_replica_its_own_endpoint_and_its_own_values()
    {
        IReadOnlyList<string> arguments = [];
        bench.Load = async (order, cancellationToken) =>
            arguments = await Task.WhenAll(order.Endpoints.Select(endpoint => Bench.GetAsync(endpoint, "/arguments", cancellationToken)));
        var target = bench.Target("number {{replica}}") with { Replicas = Template.Parse("3") };
        Assert.IsType<TrialState.Measured>((await bench.RunAsync(target)).State);
        Assert.Equal(["number 0", "number 1", "number 2"], arguments.Select(text => text.Split('\n')[1]));
        Assert.Equal(3, arguments.Select(text => text.Split('\n')[0]).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Passes_values_as_they_are_and_only_the_environment_that_is_meant_for_the_candidate()
    {
        var arguments = "";
        var environment = "";
        bench.Load = async (order, cancellationToken) =>
        {
            arguments = await Bench.GetAsync(order.Endpoints[0], "/arguments", cancellationToken);
            environment = await Bench.GetAsync(order.Endpoints[0], "/environment", cancellationToken);
        };
        Environment.SetEnvironmentVariable("TUNER_TEST_SECRET", "do not tell");
        var trial = Bench.NewTrial();
        var target = bench.Target("{{greeting}}", "{{tuner.samples}}/model") with
        {
            Environment = [KeyValuePair.Create("GREETING", Template.Parse("{{greeting}}!"))],
        };
        Assert.IsType<TrialState.Measured>((await bench.RunAsync(target, trial: trial)).State);
        Assert.Contains("hello; rm -rf \"$HOME\" {{port}}", arguments.Split('\n'));
        Assert.Contains(System.IO.Path.Combine(AppContext.BaseDirectory, "samples") + "/model", arguments.Split('\n'));
        Assert.Contains("GREETING=hello; rm -rf \"$HOME\" {{port}}!", environment, StringComparison.Ordinal);
        Assert.Contains($"TUNER_TRIAL={trial.Id}", environment, StringComparison.Ordinal);
        Assert.Contains("PATH=", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("do not tell", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("DOTNET_EnableDiagnostics", environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_what_every_replica_reports_while_it_runs()
    {
        bench.Reported =
        [
            new ReportedNumber("accuracy", "/stats/0.93", new NumberSource.Json(Path("models[0].accuracy")), Combining.Mean),
            new ReportedNumber("queue", "/metrics/4", new NumberSource.Prometheus(Series("queue_depth{model=\"digits\"}")), Combining.Sum),
            new ReportedNumber("hits", "/stats/0.93", new NumberSource.Json(Path("hits")), Combining.Mean),
        ];
        var outcome = await bench.RunAsync(bench.Target() with { Replicas = Template.Parse("2") });
        var measurement = Assert.IsType<TrialState.Measured>(outcome.State).Measurement;
        Assert.Equal([new("accuracy", 0.93), new("queue", 8)], measurement.Reported!);
        Assert.Contains("'hits' was not read from /stats/0.93: the answer has no 'hits'", Assert.Single(measurement.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_candidate_that_dies_of_the_question_has_failed()
    {
        bench.Reported = [new ReportedNumber("accuracy", "/die", new NumberSource.Json(Path("accuracy")), Combining.Mean)];
        Assert.IsType<TrialState.CandidateFailed>((await bench.RunAsync(bench.Target())).State);
    }

    [Fact]
    public async Task An_invalid_measurement_ends_the_trial_as_invalid_with_its_reasons()
    {
        bench.InvalidReasons = ["The generator was late."];
        var invalid = Assert.IsType<TrialState.Invalid>((await bench.RunAsync(bench.Target())).State);
        Assert.Equal("The generator was late.", invalid.Reason);
        Assert.NotNull(invalid.Measurement!.Candidate);
    }

    [Fact]
    public async Task A_stop_under_load_ends_interrupted_and_cleans_up()
    {
        using var stop = new CancellationTokenSource();
        bench.Load = async (_, cancellationToken) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        Assert.IsType<TrialState.Interrupted>((await bench.RunAsync(bench.Target("children"), stop.Token)).State);
        Assert.Empty(bench.Records);
    }

    [Fact]
    public async Task A_stop_while_it_becomes_ready_ends_interrupted_and_cleans_up()
    {
        using var stop = new CancellationTokenSource();
        bench.Observed.OnProgress = progress => stop.Cancel();
        Assert.IsType<TrialState.Interrupted>((await bench.RunAsync(bench.Target("never-ready"), stop.Token)).State);
        Assert.Equal(0, bench.Observed.Measuring);
    }

    [Fact]
    public async Task The_real_load_measures_a_local_server()
    {
        var sweep = Bench.SweepOf(bench.Target()) with { Measurement = new MeasurementSettings { Warmup = TimeSpan.FromSeconds(0.2) } };
        var outcome = await new LocalTrialRunner(bench.Options).RunAsync(sweep, Bench.NewTrial(), bench.Observed, CancellationToken.None);

        // On a machine that is too busy the generator says so itself; the flow is the same.
        var measurement = outcome.State switch
        {
            TrialState.Measured measured => measured.Measurement,
            TrialState.Invalid { Measurement: { } invalid } => invalid,
            _ => throw new InvalidOperationException($"{outcome.State}"),
        };
        var phase = Assert.Single(measurement.Phases);
        Assert.InRange(phase.Scheduled, 8, 12);
        Assert.Equal(phase.Scheduled, phase.Succeeded + phase.Failed);
        Assert.Equal(bench.Options.Machine.GeneratorCores.Length > 0, measurement.Generator.Protection.StartsWith("own core", StringComparison.Ordinal));
        Assert.NotNull(measurement.Candidate);
        Assert.Contains("phase steady", bench.Observed.Steps);
    }

    [Fact]
    public async Task An_endpoint_is_only_put_under_load()
    {
        bench.Load = (order, _) =>
        {
            Assert.Equal(new Uri("http://127.0.0.1:9"), order.Endpoints.Single());
            return Task.CompletedTask;
        };
        var target = new Target.Endpoint { Urls = [new Uri("http://127.0.0.1:9")] };
        var outcome = await bench.Runner.RunAsync(Bench.SweepOf(target), Bench.NewTrial(), bench.Observed, CancellationToken.None);
        Assert.IsType<TrialState.Measured>(outcome.State);
        Assert.Equal(TimeSpan.Zero, outcome.Deployed);
        Assert.Equal(1, bench.Observed.Measuring);
    }

    private static JsonPath Path(string text) => JsonPath.TryParse(text, out var path) ? path : throw new ArgumentException(text);

    private static SeriesSelector Series(string text) => SeriesSelector.TryParse(text, out var selector) ? selector : throw new ArgumentException(text);
}
