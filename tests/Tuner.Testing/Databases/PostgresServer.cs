using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tuner.Testing.Databases;

/// <summary>
/// A real PostgreSQL server for one test process: started once from Debian's binaries in a folder of its own, never as
/// root, gone with the test process however that ends.
/// </summary>
public sealed class PostgresServer
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";
    private const string User = "tuner";
    private const string Password = "not-a-secret-of-anyone";

    // The shell holds the server: when the test process is gone, its input ends, and so does the server.
    private const string Hold = "\"$@\" & server=$!; cat >/dev/null; kill -INT $server; wait $server";

    private static readonly Lazy<Task<PostgresServer>> Started = new(StartAsync);
    private static int databases;

    private readonly int port;

    private PostgresServer(int port) => this.port = port;

    /// <summary>Why there can be no server here; null where there can.</summary>
    public static string? WhyNot { get; } =
        !File.Exists(Path.Combine(Binaries, "postgres")) ? $"needs PostgreSQL 15 in {Binaries}: apt-get install postgresql"
        : Environment.IsPrivilegedProcess && UnprivilegedUser is null ? "runs as root and there is neither a user 'postgres' nor 'nobody' to run PostgreSQL as"
        : null;

    private static string? UnprivilegedUser => File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).Order(StringComparer.Ordinal).LastOrDefault(user => user is "postgres" or "nobody");

    /// <summary>The connection string of a new, empty database.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = await Started.Value;
        var name = $"test{Interlocked.Increment(ref databases)}";
        await server.RunAsync("createdb", name);
        return server.ConnectionString(name);
    }

    /// <summary>Cuts every connection to the database, as if the network had.</summary>
    public static async Task CutAsync(string connectionString)
    {
        var server = await Started.Value;
        var name = connectionString.Split(';').First(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];
        await server.RunAsync("psql", "-q", "-d", "postgres", "-c", $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    }

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Database={database};Username={User};Password={Password};Maximum Pool Size=20;Pooling=true";

    private static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("tuner-postgres-").FullName;
        var data = Path.Combine(folder, "data");
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await CheckAsync(Start("chown", ["-R", UnprivilegedUser!, folder]));
        }

        await CheckAsync(Start(Unprivileged(Path.Combine(Binaries, "initdb"), "-D", data, "-U", User, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C", "-N")));
        var server = new PostgresServer(FreePort());
        var hold = Start("sh", ["-c", Hold, "sh", .. Unprivileged(
            Path.Combine(Binaries, "postgres"),
            "-D", data, "-p", $"{server.port}", "-k", folder,
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB", "-c", "max_connections=300")]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            hold.StandardInput.Close();
            hold.WaitForExit(TimeSpan.FromSeconds(5));
            Directory.Delete(folder, recursive: true);
        };
        await server.ReadyAsync(hold);
        return server;
    }

    private async Task ReadyAsync(Process hold)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            using var check = Start(Path.Combine(Binaries, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{port}"]);
            await check.WaitForExitAsync();
            if (check.ExitCode == 0)
            {
                return;
            }

            if (hold.HasExited || patience.Elapsed > TimeSpan.FromMinutes(2))
            {
                throw new InvalidOperationException("The PostgreSQL server did not start.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private Task RunAsync(string program, params string[] arguments) =>
        CheckAsync(Start(Path.Combine(Binaries, program), ["-h", "127.0.0.1", "-p", $"{port}", "-U", User, .. arguments], Password));

    private static string[] Unprivileged(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={UnprivilegedUser}", "--regid=nogroup", "--clear-groups", .. command] : command;

    private static Process Start(string[] command) => Start(command[0], command[1..]);

    private static Process Start(string program, string[] arguments, string? password = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/", UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (password is not null)
        {
            start.Environment["PGPASSWORD"] = password;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task CheckAsync(Process process)
    {
        using (process)
        {
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}: {errors}");
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
