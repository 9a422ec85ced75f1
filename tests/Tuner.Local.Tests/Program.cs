using Tuner.Local.Processes;

namespace Tuner.Local.Tests;

/// <summary>
/// A Tuner in a process of its own, for tests that kill it: <c>run-trial FOLDER with|without [MODE...]</c> runs one trial
/// of the test server, says so when it is under load, and then measures for ever.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["run-trial", var folder, var cgroups, .. var modes])
        {
            Console.Error.WriteLine("Run these tests with 'dotnet test'.");
            return 64;
        }

        using var bench = new Bench(cgroups is "with" ? Bench.Machine : Bench.Machine.WithoutCgroups("told so by a test"), folder);
        bench.Load = async (order, cancellationToken) =>
        {
            await Console.Out.WriteLineAsync($"measuring {order.Endpoints[0].Port} {Owner.Current}");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        var outcome = await bench.RunAsync(bench.Target(modes));
        Console.WriteLine(outcome.State);
        return 0;
    }
}
