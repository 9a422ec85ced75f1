using System.Diagnostics;
using System.Text.RegularExpressions;
using Tuner.Testing.Databases;

namespace Tuner.Argo.Tests.Cluster;

/// <summary>A PostgreSQL of this machine that the cluster's pods reach at the node's address.</summary>
internal sealed partial class ClusterDatabase : IAsyncDisposable
{
    private const string Node = "10.99.0.1";
    private readonly Process line;

    private ClusterDatabase(string url, Process line)
    {
        Url = url;
        this.line = line;
    }

    /// <summary>Connection string on this machine.</summary>
    public string Url { get; }

    /// <summary>Connection string in pods.</summary>
    public string UrlInPods => Url.Replace("Host=127.0.0.1", $"Host={Node}", StringComparison.Ordinal);

    public static async Task<ClusterDatabase> CreateAsync()
    {
        var url = await PostgresServer.NewDatabaseAsync();
        var port = Port().Match(url).Groups["port"].Value;
        var socket = Directory.EnumerateDirectories(Path.GetTempPath(), "tuner-postgres-*").Select(folder => Path.Combine(folder, $".s.PGSQL.{port}")).Single(Path.Exists);

        // The node's network namespace has no route out: the server's socket is handed in.
        return new ClusterDatabase(url, Process.Start("nsenter", ["--net=/run/netns/tunerk8s", "socat", $"TCP-LISTEN:{port},bind={Node},fork,reuseaddr", $"UNIX-CONNECT:{socket}"]));
    }

    public async ValueTask DisposeAsync()
    {
        line.Kill(entireProcessTree: true);
        await line.WaitForExitAsync();
        line.Dispose();
    }

    [GeneratedRegex("Port=(?<port>[0-9]+)")]
    private static partial Regex Port();
}
