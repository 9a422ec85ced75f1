using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Objects that the API server takes, and whose pods it then refuses.</summary>
public sealed class RefusedPodsTests : TrialTests
{
    [ClusterFact]
    public async Task Pods_that_the_namespace_s_rules_keep_out_are_told_of_in_the_server_s_words()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var server = new AnswerServer();
        await place.Admin.CreateAsync(ResourcePath.Of("v1", place.Name, "limitranges"), (JsonObject)JsonNode.Parse("""
            { "apiVersion": "v1", "kind": "LimitRange", "metadata": { "name": "small" }, "spec": { "limits": [ { "type": "Container", "max": { "cpu": "500m" } } ] } }
            """)!, default);
        await using var argo = new StandinController(place);
        var deployed = Objects.Replace("replicas: 0", "replicas: 1", StringComparison.Ordinal).Replace("nothing:1\"", "nothing:1\", resources: { limits: { cpu: \"2\" } }", StringComparison.Ordinal);
        var stateful = deployed.Replace("kind: Deployment", "kind: StatefulSet", StringComparison.Ordinal).Replace("replicas: 1", "replicas: 1\n  serviceName: model", StringComparison.Ordinal);
        using var runner = Runner(place);

        // A Deployment says so itself, and is given up long before it had to be ready; a StatefulSet says so in its events alone.
        var early = runner.RunAsync(Sweep(place, server, deployed, "timeout: 20m"), Trial(), new Watched(), default);
        using var others = new ArgoSweeps();
        var late = runner.RunAsync(others.Load(SweepText(place, server, "timeout: 10s"), ("objects.yaml", stateful)), Trial(number: 4), new Watched(), default);

        foreach (var state in new[] { (await early).State, (await late).State })
        {
            var failed = Is<TrialState.CandidateFailed>(state);
            Assert.Equal(FailureKind.Refused, failed.Kind);
            Assert.Contains("maximum cpu usage per Container is 500m, but limit is 2", failed.Reason, StringComparison.Ordinal);
        }

        await NothingIsLeftAsync(place);
    }
}
