using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Schemas;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;

namespace Tuner.Argo.Tests.Rendering;

/// <summary>The samples for Kubernetes plan and render, and each of their knobs reaches the cluster.</summary>
public sealed class SampleSweepsTests
{
    public static TheoryData<string> Samples => ["kubernetes", "kserve", "seldon", "triton-kserve"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_first_candidate_s_workflow_is_accepted_by_both_versions_of_Argo(string name)
    {
        var workflow = ArgoSweeps.Workflow(Load(name));

        Assert.All(CrdSchema.Versions, version => Assert.Empty(CrdSchema.Load(version, "workflows").Problems(workflow.Manifest)));
        Assert.DoesNotContain("{{", string.Concat(workflow.Objects.Select(item => item.ToJsonString())), StringComparison.Ordinal);
        Assert.Null(workflow.Secret);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_knob_changes_what_is_deployed(string name)
    {
        var sweep = Load(name);
        var before = Objects(sweep, sweep.Baseline!);
        foreach (var parameter in sweep.Space.Parameters)
        {
            var others = sweep.Space.Enumerate().Where(candidate => candidate.Values.All(pair => pair.Value.Equals(sweep.Baseline![pair.Key]) == (pair.Key != parameter.Name))).Take(1).ToArray();

            Assert.NotEmpty(others);
            Assert.NotEqual(before, Objects(sweep, others[0]));
        }
    }

    private static string Objects(Sweep sweep, Candidate candidate) =>
        string.Concat(TrialWorkflow.Of(sweep, ArgoSweeps.Trial(sweep, candidate), "test").Objects.Select(item => item.ToJsonString()));

    private static Sweep Load(string name)
    {
        var reading = SweepFile.Load(Path.Combine(TestCluster.Repository, "sweeps", $"{name}.yaml"), ShippedPrices.Load());
        Assert.Equal("", ArgoSweeps.Told(reading));
        return reading.Sweep!;
    }
}
