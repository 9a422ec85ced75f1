using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Schemas;

namespace Tuner.Argo.Tests.Rendering;

public sealed class ExistingObjectTests : IDisposable
{
    private const string Patch = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: checkout }
        spec: { template: { spec: { containers: [ { name: server, args: [--threads, "{{threads}}"] } ] } } }
        """;

    private readonly ArgoSweeps sweeps = new();

    [Fact]
    public void A_copy_has_a_name_labels_and_a_service_of_its_own()
    {
        var workflow = ArgoSweeps.Workflow(Sweep(inPlace: false), Checkout());
        var (deployment, service) = (ArgoSweeps.Object(workflow, "Deployment"), ArgoSweeps.Object(workflow, "Service"));
        var labels = deployment.At("spec", "template", "metadata", "labels").Texts().ToArray();

        Assert.NotEqual("checkout", deployment.Text("metadata", "name"));
        Assert.DoesNotContain(labels, pair => pair is { Key: "app" or "tier" });
        Assert.Contains(labels, pair => pair is { Key: "team", Value: "shop" });
        Assert.All(service.At("spec", "selector").Texts(), pair => Assert.Contains(pair, labels));
        Assert.All(deployment.At("spec", "selector", "matchLabels").Texts(), pair => Assert.Contains(pair, labels));
        Assert.Null(deployment["status"]);
        Assert.Null(deployment.At("metadata", "uid"));
        Assert.Null(service.At("spec", "clusterIP"));
        Assert.Equal(["--threads", "1"], CandidateObjectsTests.Container(deployment).At("args")!.AsArray().Select(item => item!.GetValue<string>()));
        Assert.Equal("example.test/shop:7", CandidateObjectsTests.Container(deployment).Text("image"));
        Assert.Equal(2, deployment.Whole("spec", "replicas"));
    }

    [Fact]
    public void In_place_it_is_patched_and_restored_to_exactly_what_it_was()
    {
        var existing = Checkout();
        var workflow = ArgoSweeps.Workflow(Sweep(inPlace: true), existing);
        var before = ExistingObject.Clean(existing.Object);
        var during = (JsonObject)Merged(before, workflow.Change!.Forward)!;
        var after = (JsonObject)Merged(during, workflow.Change.Back)!;

        Assert.Empty(workflow.Objects);
        Assert.Equal(2, during.Whole("spec", "replicas"));
        Assert.Equal(workflow.Name, during.Text("spec", "template", "metadata", "labels", TunerLabels.Trial));
        Assert.True(JsonNode.DeepEquals(before["spec"], after["spec"]), after.ToJsonString());
        Assert.True(JsonNode.DeepEquals(before["spec"]!["selector"], during["spec"]!["selector"]));
        Assert.All(CrdSchema.Versions, version => Assert.Empty(CrdSchema.Load(version, "workflows").Problems(workflow.Manifest)));
        var deploy = workflow.Manifest.Objects("spec", "templates").Single(template => template.Text("name") == "deploy-0");
        Assert.Equal(("patch", "merge"), (deploy.Text("resource", "action"), deploy.Text("resource", "mergeStrategy")));

        // An owner reference on it would delete it with the Workflow.
        Assert.Null(deploy.At("resource", "setOwnerReference"));
    }

    [Fact]
    public void A_service_that_does_not_choose_its_pods_is_refused()
    {
        var refused = Assert.Throws<RenderingException>(() => ArgoSweeps.Workflow(Sweep(inPlace: false, service: "other"), Checkout()));

        Assert.Equal("target.argo.load.service: Service 'other' does not choose the pods of Deployment 'checkout'. Name the one that does.", refused.Message);
    }

    public void Dispose() => sweeps.Dispose();

    /// <summary>A JSON merge patch as the API server applies it (RFC 7386).</summary>
    private static JsonNode? Merged(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject before ? (JsonObject)before.DeepClone() : [];
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                result.Remove(key);
            }
            else
            {
                result[key] = Merged(result[key], value);
            }
        }

        return result;
    }

    private static ExistingObject Checkout() => new(
        (JsonObject)JsonNode.Parse("""
            { "apiVersion": "apps/v1", "kind": "Deployment",
              "metadata": { "name": "checkout", "namespace": "tuning", "uid": "1", "resourceVersion": "5", "labels": { "app": "checkout" } },
              "spec": { "replicas": 5, "selector": { "matchLabels": { "app": "checkout" } }, "strategy": { "type": "RollingUpdate" },
                "template": { "metadata": { "labels": { "app": "checkout", "tier": "web", "team": "shop" } },
                  "spec": { "containers": [ { "name": "proxy", "image": "example.test/proxy:1" }, { "name": "server", "image": "example.test/shop:7", "env": [ { "name": "LANG", "value": "C" } ] } ] } } },
              "status": { "replicas": 5 } }
            """.Replace("{ \"name\": \"proxy\", \"image\": \"example.test/proxy:1\" }, ", "", StringComparison.Ordinal))!,
        [
            (JsonObject)JsonNode.Parse("""{ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "checkout" }, "spec": { "clusterIP": "10.0.0.1", "clusterIPs": [ "10.0.0.1" ], "selector": { "app": "checkout" }, "ports": [ { "port": 80 } ] } }""")!,
            (JsonObject)JsonNode.Parse("""{ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "all-web" }, "spec": { "selector": { "tier": "web" } } }""")!,
            (JsonObject)JsonNode.Parse("""{ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "other" }, "spec": { "selector": { "app": "other" } } }""")!,
        ]);

    private Core.Sweeps.Sweep Sweep(bool inPlace, string service = "checkout") => sweeps.Load(
        ArgoSweeps.Sweep.Replace("manifest: model.yaml", $"existing: {{ name: checkout, patch: patch.yaml, inPlace: {(inPlace ? "true" : "false")} }}\n    load: {{ service: {service} }}", StringComparison.Ordinal),
        ("patch.yaml", Patch));
}
