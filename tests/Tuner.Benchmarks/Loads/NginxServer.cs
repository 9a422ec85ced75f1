using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tuner.Benchmarks.Loads;

/// <summary>Debian's nginx as a target: one process that answers a few bytes, bound to CPU 0.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private readonly Process process;
    private readonly DirectoryInfo folder;

    private NginxServer(Process process, DirectoryInfo folder, int port)
    {
        this.process = process;
        this.folder = folder;
        Address = new Uri($"http://127.0.0.1:{port}/");
    }

    public Uri Address { get; }

    /// <summary>Of the one process that serves.</summary>
    public int Id => process.Id;

    public TimeSpan Cpu => process.TotalProcessorTime;

    public static async Task<NginxServer> StartAsync(CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("tuner-bench-");
        var port = FreePort();
        var configuration = Path.Combine(home.FullName, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(home.FullName, port), cancellationToken);
        var nginx = Process.Start("taskset", ["-c", "0", "nginx", "-c", configuration, "-p", home.FullName])
            ?? throw new InvalidOperationException("nginx did not start. Install it: apt-get install nginx-light.");
        var server = new NginxServer(nginx, home, port);
        await server.WaitUntilReadyAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        Signals.Send(process.Id, Signals.Continue);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        for (var attempt = 0; attempt < 100; attempt++)
        {
            try
            {
                await client.GetStringAsync(Address, cancellationToken);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }

        throw new InvalidOperationException("nginx did not answer within five seconds.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // One process that is both master and worker, so that a stop signal stops it as a whole.
    private static string Configuration(string folder, int port) => $$"""
        daemon off; master_process off; worker_processes 1; pid {{folder}}/pid; error_log {{folder}}/error.log;
        events { worker_connections 16384; }
        http {
          access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;
          client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
          server { listen 127.0.0.1:{{port}} backlog=4096; location / { default_type text/plain; return 200 "Hello, load generator!\n"; } }
        }
        """;
}
