using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Tests.Rendering;

public sealed class CandidateObjectsTests : IDisposable
{
    private readonly ArgoSweeps sweeps = new();

    [Fact]
    public void Values_have_the_type_that_the_manifest_wants()
    {
        var workflow = Model();
        var deployment = ArgoSweeps.Object(workflow, "Deployment");

        Assert.Equal(2, deployment.Whole("spec", "replicas"));
        Assert.Equal("1", Container(deployment).At("args")![1]!.GetValue<string>());
        Assert.Equal("batch 1", ArgoSweeps.Object(workflow, "ConfigMap").Text("data", "note"));
    }

    [Fact]
    public void Objects_get_names_and_labels_of_the_trial_and_references_follow()
    {
        var workflow = Model();
        var (deployment, service, settings) = (ArgoSweeps.Object(workflow, "Deployment"), ArgoSweeps.Object(workflow, "Service"), ArgoSweeps.Object(workflow, "ConfigMap"));
        var name = service.Text("metadata", "name");

        Assert.Matches("^model-t[a-z0-9]{7}$", name);
        Assert.Equal(settings.Text("metadata", "name"), Container(deployment).Objects("envFrom").Single().Text("configMapRef", "name"));
        Assert.Equal($"http://{name}:8080/x", Container(deployment).Objects("env").First().Text("value"));
        Assert.All(workflow.Objects, item => Assert.Equal(workflow.Name, item.Text("metadata", "labels", TunerLabels.Trial)));
        Assert.All(workflow.Objects, item => Assert.Equal("tuning", item.Text("metadata", "namespace")));
        Assert.Equal(workflow.Name, deployment.Text("spec", "selector", "matchLabels", TunerLabels.Trial));
        Assert.Equal(workflow.Name, deployment.Text("spec", "template", "metadata", "labels", TunerLabels.Trial));
        Assert.Equal(workflow.Name, service.Text("spec", "selector", TunerLabels.Trial));
        Assert.Equal("model", service.Text("spec", "selector", "app"));
        Assert.Contains(name!, TrialWorkflowTests.Step(workflow, "ready").ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stateful_set_whose_claims_would_stay_behind_is_refused_with_the_cure()
    {
        string Stateful(string policy) => ArgoSweeps.Model
            .Replace("kind: Deployment", "kind: StatefulSet", StringComparison.Ordinal)
            .Replace("  replicas: {{replicas}}\n", $"  replicas: {{{{replicas}}}}\n  serviceName: model\n  volumeClaimTemplates: [ {{ metadata: {{ name: data }}, spec: {{ accessModes: [ReadWriteOnce] }} }} ]\n{policy}", StringComparison.Ordinal);

        var refused = Assert.Throws<RenderingException>(() => ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", Stateful("")))));
        var kept = ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", Stateful("  persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete }\n"))));

        Assert.Contains("StatefulSet 'model' claims volumes (volumeClaimTemplates) that would stay behind each trial. Write persistentVolumeClaimRetentionPolicy", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ArgoSweeps.Object(kept, "Service").Text("metadata", "name"), ArgoSweeps.Object(kept, "StatefulSet").Text("spec", "serviceName"));
    }

    [Fact]
    public void Selectors_that_ask_for_who_manages_the_pods_still_find_them()
    {
        var deployment = ArgoSweeps.Object(ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", ArgoSweeps.Model.Replace("{ app: model }", "{ app: model, app.kubernetes.io/managed-by: Helm }", StringComparison.Ordinal)))), "Deployment");

        Assert.All(deployment.At("spec", "selector", "matchLabels").Texts(), pair => Assert.Equal(pair.Value, deployment.Text("spec", "template", "metadata", "labels", pair.Key)));
    }

    [Fact]
    public void Long_names_leave_room_for_what_controllers_add()
    {
        var name = ArgoSweeps.Object(ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", ArgoSweeps.Model.Replace("name: model,", $"name: {new string('m', 60)},", StringComparison.Ordinal)))), "Deployment").Text("metadata", "name")!;

        Assert.InRange(name.Length, 40, 52);
    }

    [Fact]
    public void A_service_asks_for_nothing_that_exists_once_or_costs_money()
    {
        var service = ArgoSweeps.Object(Model(), "Service");

        Assert.Equal("ClusterIP", service.Text("spec", "type"));
        Assert.Null(service.Objects("spec", "ports").Single()["nodePort"]);
    }

    [Fact]
    public void Environment_arguments_and_resources_go_to_the_container()
    {
        var workflow = Workflow("env: { BATCH: \"{{batch}}\" }", "env: { BATCH: \"{{batch}}\", KEEP: \"2\" }\n    args: [--fast, \"{{threads}}\"]\n    resources: { cpu: \"{{instance.vcpus}}\" }");
        var container = Container(ArgoSweeps.Object(workflow, "Deployment"));

        Assert.Equal(["UPSTREAM", "BATCH", "KEEP"], container.Objects("env").Select(item => item.Text("name")));
        Assert.Equal("2", container.Objects("env").Last().Text("value"));
        Assert.Equal(["--fast", "1"], container.At("args")!.AsArray().Select(item => item!.GetValue<string>()));
        Assert.Equal(("2", "2"), (container.Text("resources", "limits", "cpu"), container.Text("resources", "requests", "cpu")));
    }

    [Fact]
    public void The_instance_type_places_the_pods()
    {
        Assert.Equal("m7i.large", Pods(Model()).Text("nodeSelector", "node.kubernetes.io/instance-type"));

        var placed = Pods(Workflow("readiness:", "instances: { m7i.large: { nodeSelector: { pool: small }, tolerations: [ { key: gpu, operator: Exists, effect: NoSchedule } ] } }\n    readiness: "));
        Assert.Equal("small", placed.Text("nodeSelector", "pool"));
        Assert.Null(placed.Text("nodeSelector", "node.kubernetes.io/instance-type"));
        Assert.Equal("""[{"operator":"Exists","key":"gpu","effect":"NoSchedule"}]""", placed.At("tolerations")!.ToJsonString());

        Assert.Null(Pods(Workflow("readiness:", "nodeLabel: none\n    readiness: ")).At("nodeSelector"));
    }

    [Fact]
    public void A_sample_instance_type_is_made_by_limits()
    {
        var sweep = sweeps.Load(
            ArgoSweeps.Sweep.Replace("[m7i.large, m6idn.xlarge]", "[sample-half, sample-one]", StringComparison.Ordinal).Replace("instanceType: m7i.large", "instanceType: sample-half", StringComparison.Ordinal).Replace("cost: { region: us-east-1 }\n", "", StringComparison.Ordinal),
            ("model.yaml", ArgoSweeps.Model));
        var deployment = ArgoSweeps.Object(ArgoSweeps.Workflow(sweep), "Deployment");

        Assert.Equal("0.5", Container(deployment).Text("resources", "limits", "cpu"));
        Assert.Null(deployment.At("spec", "template", "spec", "nodeSelector"));
    }

    [Fact]
    public void A_KServe_service_keeps_to_its_replicas_and_its_predictor_is_followed()
    {
        var sweep = sweeps.Load(
            ArgoSweeps.Sweep.Replace("env: { BATCH: \"{{batch}}\" }", "load: { service: digits-predictor, port: 80 }", StringComparison.Ordinal),
            ("model.yaml", """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: { name: digits }
                spec:
                  predictor:
                    model: { modelFormat: { name: triton }, args: ["--threads={{threads}}", "--batch={{batch}}"] }
                """));
        var workflow = ArgoSweeps.Workflow(sweep);
        var service = ArgoSweeps.Object(workflow, "InferenceService");

        Assert.Equal((2, 2), (service.Whole("spec", "predictor", "minReplicas"), service.Whole("spec", "predictor", "maxReplicas")));
        Assert.Equal("m7i.large", service.Text("spec", "predictor", "nodeSelector", "node.kubernetes.io/instance-type"));
        Assert.Contains($"\"{service.Text("metadata", "name")}-predictor\"", TrialWorkflowTests.Step(workflow, "ready").ToJsonString(), StringComparison.Ordinal);
    }

    public void Dispose() => sweeps.Dispose();

    internal static JsonObject Container(JsonObject deployment) => deployment.Objects("spec", "template", "spec", "containers").Single();

    private static JsonNode? Pods(TrialWorkflow workflow) => ArgoSweeps.Object(workflow, "Deployment").At("spec", "template", "spec");

    private TrialWorkflow Model() => Workflow("readiness:", "readiness:");

    private TrialWorkflow Workflow(string text, string instead) =>
        ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep.Replace(text, instead, StringComparison.Ordinal), ("model.yaml", ArgoSweeps.Model)));
}
