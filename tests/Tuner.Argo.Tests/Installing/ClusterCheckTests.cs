using Tuner.Argo.Installing;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Installing;

public sealed class ClusterCheckTests
{
    [ClusterFact]
    public async Task Where_everything_is_installed_all_is_well_for_the_account_of_Tuner()
    {
        await using var place = await ArgoNamespace.CreateAsync();

        Assert.All(await ClusterCheck.LookAsync(place.Admin, place.Name, default), finding => Assert.True(finding.Good, finding.Text));

        // Its Role is all that it needs, and shows it nothing of the others.
        var own = await ClusterCheck.LookAsync(KubernetesClient.Connect(TestCluster.Access(place.TunerKubeconfig)), place.Name, default);
        Assert.DoesNotContain(own, finding => finding.Good is false);
        Assert.True(own[^1].Good, own[^1].Text);
    }

    [ClusterFact]
    public async Task What_is_missing_is_named_with_its_cure()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await place.Admin.DeleteAsync(ResourcePath.WorkflowTemplates(place.Name, "tuner-trial"), [], default);

        var missing = Assert.Single(await ClusterCheck.LookAsync(place.Admin, place.Name, default), finding => finding.Good is not true);
        var weak = (await ClusterCheck.LookAsync(KubernetesClient.Connect(TestCluster.Access(TestCluster.Weak)), place.Name, default))[^1];

        Assert.Equal($"WorkflowTemplate tuner-trial is not there: run 'tuner argo install -n {place.Name}'", missing.Text);
        Assert.Contains("create workflows.argoproj.io", weak.Text, StringComparison.Ordinal);
        Assert.Contains("get pods/log", weak.Text, StringComparison.Ordinal);
    }
}
