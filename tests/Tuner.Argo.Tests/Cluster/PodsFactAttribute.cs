namespace Tuner.Argo.Tests.Cluster;

/// <summary>A test that needs a cluster whose pods run; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PodsFactAttribute : FactAttribute
{
    public PodsFactAttribute()
    {
        Skip = TestCluster.Kubeconfig is null ? TestCluster.Why
            : !TestCluster.HasPods ? "needs a cluster whose pods run: tests/cluster/down.sh, then tests/cluster/up.sh pods (as root on Debian 12)"
            : TestCluster.ImageProblem.Value;
    }
}
