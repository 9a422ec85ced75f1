namespace Tuner.Argo.Tests.Cluster;

/// <summary>A test that needs a real API server; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute()
    {
        Skip = TestCluster.Kubeconfig is null ? TestCluster.Why : null;
    }
}
