namespace Tuner.Argo.Kubernetes;

/// <summary>What may go wrong with any request to the API server, so that whoever can do without its answer goes on.</summary>
internal static class ClusterTrouble
{
    /// <summary>The server refused, could not be reached, or there are no credentials to ask it with.</summary>
    public static bool Is(Exception exception) => exception is KubernetesException or HttpRequestException or IOException or ClusterAccessException;
}
