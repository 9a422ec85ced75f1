namespace Tuner.Argo.Kubernetes;

/// <summary>The access that Kubernetes gives every pod: its service account's token, which the kubelet renews, and the authority's certificate.</summary>
public static class InCluster
{
    public const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether this process runs in a pod.</summary>
    public static bool IsHere(string folder = DefaultFolder) =>
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists(Path.Combine(folder, "token"));

    public static ClusterAccess Access(TimeProvider time, string folder = DefaultFolder)
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") ?? "443";
        var authority = Path.Combine(folder, "ca.crt");
        var place = Path.Combine(folder, "namespace");
        return new ClusterAccess
        {
            Server = new Uri($"https://{(host?.Contains(':', StringComparison.Ordinal) is true ? $"[{host}]" : host)}:{port}"),
            Authorities = () => Kubeconfig.Certificates(File.ReadAllText(authority), authority),
            Credentials = new FileCredentials(Path.Combine(folder, "token"), null, time),
            Namespace = File.Exists(place) ? File.ReadAllText(place).Trim() : null,
            Source = "the service account of this pod",
        };
    }

    /// <summary>This pod's own access where there is one and no kubeconfig is named, else the kubeconfig's.</summary>
    /// <exception cref="ClusterAccessException">Neither can be used.</exception>
    public static ClusterAccess OrKubeconfig(string? kubeconfig, string? context, TimeProvider time) =>
        kubeconfig is null && context is null && Environment.GetEnvironmentVariable("KUBECONFIG") is null or "" && IsHere()
            ? Access(time)
            : Kubeconfig.Read(kubeconfig is null ? Kubeconfig.DefaultFiles() : [kubeconfig], context, time);
}
