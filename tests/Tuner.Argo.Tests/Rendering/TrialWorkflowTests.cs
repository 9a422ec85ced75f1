using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Schemas;
using Tuner.Core.Loads;

namespace Tuner.Argo.Tests.Rendering;

public sealed class TrialWorkflowTests : IDisposable
{
    private readonly ArgoSweeps sweeps = new();

    public static TheoryData<string> Versions => [.. CrdSchema.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Is_accepted_by_the_whole_schema_of_Argo(string version)
    {
        var workflow = ArgoSweeps.Workflow(Model());

        Assert.Empty(CrdSchema.Load(version, "workflows").Problems(workflow.Manifest));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Is_accepted_with_several_load_pods_an_image_and_an_address(string version)
    {
        var sweep = sweeps.Load(
            ArgoSweeps.Sweep.Replace("readiness:", "load: { url: \"http://model-{{tuner.suffix}}.tuning.svc:8080\", pods: 3, image: \"tuner:test\" }\n    readiness: ", StringComparison.Ordinal),
            ("model.yaml", ArgoSweeps.Model));
        var workflow = ArgoSweeps.Workflow(sweep);

        Assert.Empty(CrdSchema.Load(version, "workflows").Problems(workflow.Manifest));
        Assert.Equal("3", Step(workflow, "load")["withSequence"]!["count"]!.GetValue<string>());
        Assert.Contains($"http://model-{TrialNames.Of(ArgoSweeps.Trial(sweep).Id).Suffix}.tuning.svc:8080", workflow.Manifest.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("24h", false, null)]
    [InlineData("72h", false, null)]
    [InlineData("80h", false, "takes 80 h, and what a Workflow hands back holds 72 h of it. Shorten the phases, or set target.argo.artifact: true")]
    [InlineData("80h", true, null)]
    [InlineData("169h", true, "takes 169 h, and what a Workflow hands back holds 168 h of it. Shorten the phases.")]
    public void A_load_whose_measurement_no_workflow_hands_back_is_refused_before_it_runs(string duration, bool artifact, string? told)
    {
        var text = ArgoSweeps.Sweep
            .Replace("duration: 30s", $"duration: {duration}", StringComparison.Ordinal)
            .Replace("readiness:", $"load: {{ pods: 2 }}\n    artifact: {(artifact ? "true" : "false")}\n    readiness:", StringComparison.Ordinal);

        var errors = sweeps.Read(text, ("model.yaml", ArgoSweeps.Model)).Errors.Where(error => error.Message.Contains("hands back", StringComparison.Ordinal)).ToArray();

        Assert.Equal(told is null, errors.Length == 0);
        Assert.All(errors, error => Assert.Contains(told!, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_measurement_that_is_kept_as_an_artifact_comes_from_a_template_of_its_own()
    {
        var sweep = sweeps.Load(ArgoSweeps.Sweep.Replace("readiness:", "artifact: true\n    readiness:", StringComparison.Ordinal), ("model.yaml", ArgoSweeps.Model));
        var step = Step(ArgoSweeps.Workflow(sweep), "load");

        Assert.Equal("load-artifact", step.Text("templateRef", "template"));
        Assert.Equal("load", Step(ArgoSweeps.Workflow(Model()), "load").Text("templateRef", "template"));
        Assert.All(CrdSchema.Versions, version => Assert.Empty(CrdSchema.Load(version, "workflows").Problems(ArgoSweeps.Workflow(sweep).Manifest)));
    }

    [Theory]
    [InlineData("{ \"spec\": { \"templates\": [ { \"name\": \"a\", \"resource\": { \"manifest\": \"x\" } } ] } }", "action is missing")]
    [InlineData("{ \"spec\": { \"entrypoint\": 3 } }", "not string")]
    [InlineData("{ \"spec\": { \"entryPoint\": \"a\" } }", "is unknown")]
    public void The_schemas_find_mistakes(string change, string problem)
    {
        var mistaken = (JsonObject)ObjectMerge.Patched(ArgoSweeps.Workflow(Model()).Manifest, JsonNode.Parse(change)!)!;

        Assert.All(CrdSchema.Versions, version => Assert.Contains(CrdSchema.Load(version, "workflows").Problems(mistaken), found => found.EndsWith(problem, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_the_target_is_asked_about_itself_travels_with_the_load_and_the_first_load_pod_asks()
    {
        var sweep = sweeps.Load(
            ArgoSweeps.Sweep.Replace("error rate <= 1%", "error rate <= 1%, accuracy >= 0.92, queue <= 4", StringComparison.Ordinal) + """

            metrics:
              accuracy: { path: /stats, json: "models[0].accuracy" }
              queue: { path: /metrics, prometheus: 'queue_depth{model="digits"}', over: max }
            """,
            ("model.yaml", ArgoSweeps.Model));

        var order = PackedLoad.FromText(Step(ArgoSweeps.Workflow(sweep), "load").Objects("arguments", "artifacts").Single().Text("raw", "data")!);

        Assert.Equal(2, order.Reported.Length);
        Assert.Equal(sweep.Reported.AsEnumerable(), order.Reported);
        Assert.Equal(sweep.Reported.AsEnumerable(), order.Share(0, 2).Reported);
        Assert.Empty(order.Share(1, 2).Reported);
    }

    [Fact]
    public void Deploys_one_document_a_step_with_an_owner_reference_and_removes_each_on_exit()
    {
        var workflow = ArgoSweeps.Workflow(Model());
        var templates = Templates(workflow);

        foreach (var (index, item) in workflow.Objects.Index())
        {
            var deploy = templates.Single(template => template.Text("name") == $"deploy-{index}");
            Assert.Equal("apply", deploy.Text("resource", "action"));
            Assert.True(deploy.Flag("resource", "setOwnerReference"));
            Assert.Contains($"name: {item.Text("metadata", "name")}", deploy.Text("resource", "manifest"), StringComparison.Ordinal);
            Assert.DoesNotContain("---", deploy.Text("resource", "manifest"), StringComparison.Ordinal);
            var remove = templates.Single(template => template.Text("name") == $"remove-{index}");
            Assert.Equal("delete", remove.Text("resource", "action"));
            Assert.Equal(item.Text("metadata", "name"), remove.At("resource", "flags")![1]!.GetValue<string>());
        }

        Assert.Equal("teardown", workflow.Manifest.Text("spec", "onExit"));
        Assert.Equal(["deployment.apps", "service", "configmap"], workflow.Objects.Select(WorkflowSteps.ResourceWord));
    }

    [Fact]
    public void Names_derive_from_the_trial_alone()
    {
        var sweep = Model();

        Assert.Equal(ArgoSweeps.Workflow(sweep).Manifest.ToJsonString(), ArgoSweeps.Workflow(sweep).Manifest.ToJsonString());
        Assert.Equal("tuner-model-20261122-3", ArgoSweeps.Workflow(sweep).Name);
        Assert.NotEqual(
            TrialNames.Of(new("model-20261122-3")).Suffix,
            TrialNames.Of(new("model-20261122-4")).Suffix);
        Assert.True(TrialNames.Of(new(new string('a', 90))).Workflow.Length <= 63);
        Assert.True(TrialNames.Of(new("x")).Of(new string('b', 90)).Length <= 63);
        Assert.NotEqual(TrialNames.Of(new("A.b")).Workflow, TrialNames.Of(new("a-b")).Workflow);
    }

    [Fact]
    public void Hands_the_whole_load_over_in_one_word()
    {
        var sweep = Model();
        var data = Step(ArgoSweeps.Workflow(sweep), "load").At("arguments")!.Objects("artifacts").Single().Text("raw", "data")!;
        var order = PackedLoad.FromText(data);

        Assert.DoesNotContain("{{", data, StringComparison.Ordinal);
        Assert.Equal(sweep.Load.Phases.AsEnumerable(), order.Profile.Phases);
        Assert.Equal("{ {{not a placeholder}} }", System.Text.Encoding.UTF8.GetString(order.Profile.Request.Bodies[0].Content.Span));
        Assert.Equal((sweep.Load.Timeout, sweep.Load.Arrival, sweep.Measurement.Warmup), (order.Profile.Timeout, order.Profile.Arrival, order.Warmup));
        Assert.Equal(["p99 latency <= 100ms", "error rate <= 1%"], order.EarlyEnd!.Slos.AsEnumerable());
        Assert.Null(order.Share(0, 2).EarlyEnd);
        Assert.Equal(200.0 / 3, ((RatePhase)order.Share(2, 3).Profile.Phases[0]).RatePerSecond, 6);
        Assert.Equal(3, Enumerable.Range(0, 3).Select(index => order.Share(index, 3).Seed).Distinct().Count());
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(8, 0.05)]
    public void Tells_the_load_how_soon_it_is_hopeless(int? screening, double? hopeless)
    {
        var sweep = Model();
        sweep = sweep with { Search = sweep.Search with { Screening = screening is { } seconds ? TimeSpan.FromSeconds(seconds) : null } };
        var data = Step(ArgoSweeps.Workflow(sweep), "load").At("arguments")!.Objects("artifacts").Single().Text("raw", "data")!;

        Assert.Equal(hopeless, PackedLoad.FromText(data).EarlyEnd!.Hopeless);
    }

    [Fact]
    public void Ends_by_itself_after_everything_that_it_may_wait_for()
    {
        var sweep = Model();

        Assert.Equal(
            (long)(TimeSpan.FromMinutes(2) + sweep.Measurement.Warmup + TimeSpan.FromSeconds(30) + sweep.Load.Timeout + TimeSpan.FromMinutes(5)).TotalSeconds,
            ArgoSweeps.Workflow(sweep).Manifest.Whole("spec", "activeDeadlineSeconds"));
    }

    [Fact]
    public void Refuses_text_that_Argo_would_take_for_a_placeholder()
    {
        var sweep = sweeps.Load(
            ArgoSweeps.Sweep.Replace("values: [1, 8]", "values: [1, \"{{workflow.name}}\"]", StringComparison.Ordinal).Replace("batch: 1,", "batch: \"{{workflow.name}}\",", StringComparison.Ordinal),
            ("model.yaml", ArgoSweeps.Model));

        var refused = Assert.Throws<RenderingException>(() => ArgoSweeps.Workflow(sweep));
        Assert.Contains("'{{workflow.name}}", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => sweeps.Dispose();

    internal static JsonObject Step(TrialWorkflow workflow, string name) =>
        Templates(workflow).Single(template => template.Text("name") == "trial").At("steps")!.AsArray().SelectMany(group => group!.AsArray()).OfType<JsonObject>().Single(step => step.Text("name") == name);

    private static List<JsonObject> Templates(TrialWorkflow workflow) => [.. workflow.Manifest.Objects("spec", "templates")];

    private Core.Sweeps.Sweep Model() => sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", ArgoSweeps.Model));
}
