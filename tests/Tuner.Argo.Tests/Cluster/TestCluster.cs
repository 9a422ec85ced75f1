using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Tuner.Argo.Kubernetes;

namespace Tuner.Argo.Tests.Cluster;

/// <summary>
/// A real Kubernetes: the one that runs already, one that <c>tests/cluster/up.sh</c> starts (at once where it was built
/// before, and in CI), or the one of <c>KUBECONFIG</c>.
/// </summary>
internal static class TestCluster
{
    private const string Own = "/run/tuner-k8s/etc/admin.kubeconfig";
    private static readonly Lazy<(string? Kubeconfig, string Why)> Found = new(Find);

    /// <summary>Path of an administrator's kubeconfig; null where there is no cluster.</summary>
    public static string? Kubeconfig => Found.Value.Kubeconfig;

    public static string Why => Found.Value.Why;

    /// <summary>Whether pods run there.</summary>
    public static bool HasPods => Kubeconfig == Own && File.Exists("/run/tuner-k8s/containerd.sock");

    /// <summary>The image of Tuner as that cluster's node has it, made from what these tests were built with; null where it could not be had.</summary>
    public static Lazy<string?> ImageProblem { get; } = new(() => HasPods ? Run("image.sh", Path.Combine(Repository, "src/Tuner.Cli/bin", Configuration, "net10.0"), "docker.io/library/tuner:0.1.0") : "no pods");

    /// <summary>The checkout that these tests were built from.</summary>
    public static string Repository => Path.GetFullPath(Path.Combine(Folder(), "../.."));

    /// <summary>The kubeconfig of a user without rights; null on clusters of others.</summary>
    public static string? Weak => Kubeconfig == Own ? Path.Combine(Path.GetDirectoryName(Own)!, "weak.kubeconfig") : null;

    public static ClusterAccess Access(string? kubeconfig = null) => Argo.Kubernetes.Kubeconfig.Read([kubeconfig ?? Kubeconfig!], null, TimeProvider.System);

    private static (string? Kubeconfig, string Why) Find()
    {
        if (File.Exists(Own) && Listens())
        {
            return (Own, "");
        }

        var built = File.Exists(Path.Combine(Cache(), "bin", "kube-apiserver"));
        if (built || Environment.GetEnvironmentVariable("CI") is "true")
        {
            return Run("up.sh", "api") is { } problem ? (null, problem) : (Own, "");
        }

        return Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } named && File.Exists(named)
            ? (named, "")
            : (null, "needs a Kubernetes: run tests/cluster/up.sh api once (as root on Debian 12; the first time it builds for some minutes), or name a cluster in KUBECONFIG");
    }

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!;

    private static string? Run(string script, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var word in (string[])[Path.Combine(Folder(), script), .. arguments])
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"tests/cluster/{script} failed: {errors.GetAwaiter().GetResult().Trim()}";
    }

    private static bool Listens()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", 6443);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Cache() => Environment.GetEnvironmentVariable("CACHE")
        ?? Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "tuner-cluster");

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../cluster"));
}
