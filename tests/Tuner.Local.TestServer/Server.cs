using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tuner.Local.TestServer;

/// <summary>As much HTTP as the tests need: a thread per connection, answers by path.</summary>
internal static class Server
{
    private const string WaitFile = "wait-file=";

    private static readonly List<byte[]> Hoard = [];

    public static void Run(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Console.WriteLine("listening");
        while (true)
        {
            var client = listener.AcceptTcpClient();
            new Thread(() => Serve(client)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            while (reader.ReadLine() is { } request)
            {
                while (reader.ReadLine() is { Length: > 0 })
                {
                }

                var body = Answer(request.Split(' ')[1]);
                client.GetStream().Write(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
            }
        }
        catch (IOException)
        {
            // The other side has gone.
        }
        finally
        {
            client.Dispose();
        }
    }

    private static string Answer(string path)
    {
        switch (path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["die"]:
                Console.Error.WriteLine("fatal: asked to die");
                Environment.Exit(7);
                return "";
            case ["hoard", var mib]:
                var block = new byte[int.Parse(mib) << 20];
                Array.Fill(block, (byte)1);
                Hoard.Add(block);
                return $"{Hoard.Count}";
            case ["burn", var milliseconds]:
                // Of CPU, not of the clock: a busy machine gives less of the one in the other.
                for (var end = Environment.CpuUsage.TotalTime + TimeSpan.FromMilliseconds(int.Parse(milliseconds)); Environment.CpuUsage.TotalTime < end;)
                {
                }

                return "burnt";
            case ["wait"]:
                // As long as a file says whose name came as an argument.
                var told = Environment.GetCommandLineArgs().First(argument => argument.StartsWith(WaitFile, StringComparison.Ordinal))[WaitFile.Length..];
                using (var never = new ManualResetEventSlim())
                {
                    never.Wait(int.Parse(File.ReadAllText(told)));
                }

                return "waited";
            case ["environment"]:
                return string.Join('\n', Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(pair => $"{pair.Key}={pair.Value}"));
            case ["arguments"]:
                return string.Join('\n', Environment.GetCommandLineArgs().Skip(1));
            case ["stats", var accuracy]:
                return $$"""{ "models": [ { "name": "digits", "accuracy": {{accuracy}} } ] }""";
            case ["metrics", var depth]:
                return $"# TYPE queue_depth gauge\nqueue_depth{{model=\"digits\"}} {depth}\nqueue_depth{{model=\"letters\"}} 1000\n";
            case ["where"]:
                return $"{Environment.ProcessId}\n{Directory.GetCurrentDirectory()}\n{File.ReadAllLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal))}";
            default:
                return "ok";
        }
    }
}
