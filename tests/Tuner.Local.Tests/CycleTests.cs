using System.Globalization;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Local.Tests;

/// <summary>
/// Start and stop again and again, with good and bad manners in turn. The short form runs with all tests; the long one:
/// <c>TUNER_CYCLES=500 dotnet test tests/Tuner.Local.Tests --filter Cycles</c>.
/// </summary>
public sealed class CycleTests : IDisposable
{
    private static readonly string[][] Manners = [[], ["ignore-term"], ["children"], ["exit-at-start"], ["dies-under-load"], ["never-ready", "ignore-term"], []];
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Cycles_leave_no_process_no_port_no_cgroup_and_no_record_behind()
    {
        var cycles = int.Parse(Environment.GetEnvironmentVariable("TUNER_CYCLES") ?? "14", CultureInfo.InvariantCulture);
        var ports = new HashSet<int>();
        bench.AllocatePorts = count =>
        {
            var given = Deploying.Ports.Allocate(count);
            ports.UnionWith(given);
            return given;
        };
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var manners = Manners[cycle % Manners.Length];
            bench.Load = manners is ["dies-under-load"] ? DieAsync : (order, cancellationToken) => Bench.GetAsync(order.Endpoints[0], "/work", cancellationToken);
            var outcome = await bench.RunAsync(bench.Target(manners) with
            {
                Readiness = new Readiness("/ready", manners is ["never-ready", ..] ? TimeSpan.FromSeconds(0.3) : TimeSpan.FromSeconds(20)),
                StopTimeout = TimeSpan.FromSeconds(0.3),
            });
            var end = outcome.State is TrialState.CandidateFailed failed ? failed.Kind.ToString() : outcome.State.Name;
            ends[end] = ends.GetValueOrDefault(end) + 1;
            Assert.Equal(Expected(manners), end);
        }

        Assert.Equal(cycles, ends.Values.Sum());
        Assert.Empty(Bench.Survivors());
        Assert.DoesNotContain(ports, port => !Deploying.Ports.IsFree(port));
        Assert.DoesNotContain(bench.Options.Machine.Hierarchy?.Names() ?? [], name => name.StartsWith(Processes.Owner.Current.ToString(), StringComparison.Ordinal));
        Assert.Empty(bench.Records);
    }

    private static string Expected(string[] manners) => manners switch
    {
        ["exit-at-start"] => nameof(FailureKind.ExitedAtStart),
        ["dies-under-load"] => nameof(FailureKind.ExitedUnderLoad),
        ["never-ready", ..] => nameof(FailureKind.NeverReady),
        _ => nameof(TrialState.Measured),
    };

    private static Task DieAsync(Measuring.LoadOrder order, CancellationToken cancellationToken) =>
        Assert.ThrowsAnyAsync<HttpRequestException>(() => Bench.GetAsync(order.Endpoints[0], "/die", cancellationToken));
}
