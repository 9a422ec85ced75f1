using System.Diagnostics;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Many trials at once, and an API server that goes away, on a real one.</summary>
public sealed class ManyTrialsTests : TrialTests
{
    private const int Many = 200;

    [ClusterFact]
    public async Task Two_hundred_workflows_at_once_need_no_thread_each_and_leave_nothing()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        var sweep = Sweep(place, server);
        var argo = new BriskController(place, MeasurementPack.ToText(TrialVerdictTests.Measurement()));
        using var runner = Runner(place);
        var threads = Process.GetCurrentProcess().Threads.Count;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4), TimeProvider.System);

        var trials = Enumerable.Range(1, Many).Select(number => runner.RunAsync(sweep, Trial(number), new Watched(), limit.Token)).ToArray();
        await argo.EndAllAsync(Many, limit.Token);
        var more = Process.GetCurrentProcess().Threads.Count - threads;
        var outcomes = await Task.WhenAll(trials);

        Assert.All(outcomes, outcome => Is<TrialState.Measured>(outcome.State));
        Assert.Equal(Many, argo.Most);
        Assert.InRange(more, int.MinValue, Many / 2);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task An_api_server_that_is_away_for_a_while_costs_no_trial()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var argo = new StandinController(place, SlowLoad);
        await using var line = new CuttableLine(TestCluster.Access(place.TunerKubeconfig).Server);
        using var runner = new ArgoTrialRunner(Options(place) with { Access = () => TestCluster.Access(place.TunerKubeconfig) with { Server = line.Address } });
        var watched = new Watched();
        var running = runner.RunAsync(Sweep(place, server), Trial(), watched, default);
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Measuring > 0 || running.IsCompleted)) && !running.IsCompleted, running.IsCompleted ? $"{(await running).State}" : "no load");

        line.Cut();
        Assert.True(await ArgoNamespace.Until(() => Task.FromResult(watched.Steps.Any(step => step.StartsWith("the API server cannot be reached", StringComparison.Ordinal)))), "nobody noticed");
        Assert.False(running.IsCompleted);
        line.Mend();

        Is<TrialState.Measured>((await running).State);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task An_api_server_that_stays_away_interrupts_the_trial_with_that_reason()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var line = new CuttableLine(TestCluster.Access(place.TunerKubeconfig).Server);
        using var runner = new ArgoTrialRunner(Options(place) with
        {
            Access = () => TestCluster.Access(place.TunerKubeconfig) with { Server = line.Address },
            OutagePatience = TimeSpan.FromSeconds(3),
            RemovalPatience = TimeSpan.FromSeconds(3),
        });
        var running = runner.RunAsync(Sweep(place, server), Trial(), new Watched(), default);
        Assert.True(await ArgoNamespace.Until(() => place.ExistsAsync("argoproj.io/v1alpha1", "workflows", Name)));

        line.Cut();

        var cause = Is<TrialState.Interrupted>((await running).State).Cause;
        Assert.StartsWith("The API server could not be reached", cause, StringComparison.Ordinal);
        Assert.Contains("The next start of Tuner tries again.", cause, StringComparison.Ordinal);
    }
}
