using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Core.Measurements;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Trials whose measurement is kept as an output artifact too, on a real API server.</summary>
public sealed class KeptTrialTests : TrialTests
{
    [ClusterFact]
    public async Task A_measurement_that_no_parameter_carries_comes_from_the_artifact()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var artifacts = new StandinArgoServer();
        await using var argo = new StandinController(place, new StandinOptions { Repository = artifacts.Repository, Command = TooLong });
        var watched = new Watched();

        var outcome = await new ArgoTrialRunner(Options(place) with { ArgoServer = () => artifacts.Access() }).RunAsync(Kept(place, server), Trial(), watched, default);

        var measured = Is<TrialState.Measured>(outcome.State).Measurement;
        Assert.True(measured.Phases.Single().Succeeded > 4);
        Assert.NotEmpty(measured.Phases.Single().Seconds);
        Assert.Contains("fetching the whole measurement", watched.Steps);
        Assert.StartsWith($"/artifacts/{place.Name}/{Name}/{Name}-", Assert.Single(artifacts.Asked), StringComparison.Ordinal);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task A_cluster_without_a_repository_says_so_and_how_to_do_without()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await using var artifacts = new StandinArgoServer();
        await using var argo = new StandinController(place);

        var outcome = await new ArgoTrialRunner(Options(place) with { ArgoServer = () => artifacts.Access() }).RunAsync(Kept(place, server), Trial(), new Watched(), default);

        var reason = Is<TrialState.Invalid>(outcome.State).Reason;
        Assert.Contains("You need to configure artifact storage", reason, StringComparison.Ordinal);
        Assert.Contains("or remove target.argo.artifact", reason, StringComparison.Ordinal);
        await NothingIsLeftAsync(place);
    }

    [ClusterFact]
    public async Task Nothing_is_deployed_while_no_Argo_Server_is_named()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();

        var outcome = await new ArgoTrialRunner(Options(place) with { ArgoServer = () => null }).RunAsync(Kept(place, server), Trial(), new Watched(), default);

        Assert.Contains("Name it in TUNER_ARGO_SERVER", Is<TrialState.Invalid>(outcome.State).Reason, StringComparison.Ordinal);
    }

    private Sweep Kept(ArgoNamespace place, AnswerServer server) =>
        Sweeps.Load(SweepText(place, server).Replace("readiness:", "artifact: true\n    readiness:", StringComparison.Ordinal), ("objects.yaml", Objects));

    /// <summary>What the parameter holds after a load of days.</summary>
    private static IReadOnlyList<string>? TooLong(string step, IReadOnlyList<string> words) => step is "load"
        ? ["sh", "-c", $"dotnet \"$@\" && printf {MeasurementPack.InArtifact} > {words.Single(word => word.StartsWith("--pack=", StringComparison.Ordinal))["--pack=".Length..]}", "sh", Path.Combine(AppContext.BaseDirectory, "tuner.dll"), .. words.Skip(1)]
        : null;
}
