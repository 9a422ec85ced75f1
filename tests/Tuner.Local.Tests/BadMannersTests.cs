using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local.Processes;

namespace Tuner.Local.Tests;

/// <summary>Each kind of bad manners is a classified failure, or none, and leaves nothing behind. With cgroups where there are any.</summary>
public class BadMannersTests : IDisposable
{
    private readonly Bench bench;

    public BadMannersTests()
        : this(Bench.Machine)
    {
    }

    protected BadMannersTests(Machine machine) => bench = new Bench(machine);

    public void Dispose()
    {
        bench.Dispose();
        Assert.Empty(Bench.Survivors());
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_program_that_is_not_there_cannot_start()
    {
        var failed = await FailureAsync(bench.Target() with { Command = [Template.Parse("no-such-program")] });
        Assert.Equal(FailureKind.CannotStart, failed.Kind);
        Assert.Contains("no-such-program", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_program_cannot_start()
    {
        var file = Path.Combine(bench.Directory, "weights");
        await File.WriteAllTextAsync(file, "no program at all");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var failed = await FailureAsync(bench.Target() with { Command = [Template.Parse("./weights")] });
        Assert.Equal(FailureKind.CannotStart, failed.Kind);
        Assert.Contains("cannot run", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_working_directory_cannot_start()
    {
        var failed = await FailureAsync(bench.Target() with { WorkingDirectory = "/no/such/folder" });
        Assert.Equal(FailureKind.CannotStart, failed.Kind);
        Assert.Contains("/no/such/folder", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_dies_at_start_fails_at_once_with_its_last_words()
    {
        var watch = Stopwatch.StartNew();
        var failed = await FailureAsync(bench.Target("exit-at-start") with { Readiness = new Readiness("/", TimeSpan.FromMinutes(5)) });
        Assert.Equal(FailureKind.ExitedAtStart, failed.Kind);
        Assert.Contains("exited with code 3", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("weights.bin is missing", failed.LogTail, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task One_that_never_becomes_ready_costs_no_more_than_its_time_limits()
    {
        var watch = Stopwatch.StartNew();
        var target = bench.Target("never-ready", "ignore-term") with { Readiness = new Readiness("/", TimeSpan.FromSeconds(1)), StopTimeout = TimeSpan.FromSeconds(0.5) };
        var failed = await FailureAsync(target);
        Assert.Equal(FailureKind.NeverReady, failed.Kind);
        Assert.Contains("was not ready within 1 s", failed.Reason, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task One_that_dies_under_load_fails_even_when_the_load_would_go_on()
    {
        bench.Load = async (order, cancellationToken) =>
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => Bench.GetAsync(order.Endpoints[0], "/die", cancellationToken));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        var failed = await FailureAsync(bench.Target());
        Assert.Equal(FailureKind.ExitedUnderLoad, failed.Kind);
        Assert.Contains("exited with code 7", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("asked to die", failed.LogTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ignores_the_request_to_stop_is_killed_after_its_grace_and_still_measured()
    {
        var outcome = await bench.RunAsync(bench.Target("ignore-term") with { StopTimeout = TimeSpan.FromSeconds(0.3) });
        Assert.IsType<TrialState.Measured>(outcome.State);
    }

    [Fact]
    public async Task Children_daemons_and_daemons_without_an_environment_go_with_it()
    {
        var before = Uncollected();
        var children = 0;
        bench.Load = (_, _) =>
        {
            children = Bench.Survivors().Count - 1;
            return Task.CompletedTask;
        };
        Assert.IsType<TrialState.Measured>((await bench.RunAsync(bench.Target("children"))).State);
        Assert.Equal(3, children);
        Assert.Empty(Bench.Survivors());
        Assert.Empty(Uncollected().Except(before));
    }

    [Fact]
    public async Task A_talkative_one_is_heard_to_its_last_line_in_bounded_memory()
    {
        bench.Load = async (order, cancellationToken) => await Assert.ThrowsAnyAsync<HttpRequestException>(() => Bench.GetAsync(order.Endpoints[0], "/die", cancellationToken));
        var failed = await FailureAsync(bench.Target("loud"));
        Assert.Contains("line 19999 of a talkative server", failed.LogTail, StringComparison.Ordinal);
        Assert.Contains("asked to die", failed.LogTail, StringComparison.Ordinal);
        Assert.InRange(failed.LogTail.Length, 1000, LogTail.DefaultCapacity + 10);
    }

    [Fact]
    public async Task One_whose_port_was_taken_says_so()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        bench.AllocatePorts = _ => [((IPEndPoint)other.LocalEndpoint).Port];
        Assert.Equal(FailureKind.PortInUse, (await FailureAsync(bench.Target())).Kind);
    }

    [Fact]
    public async Task A_stranger_who_answers_on_the_candidates_port_is_not_taken_for_it()
    {
        using var stranger = new Stranger();
        bench.AllocatePorts = _ => [stranger.Port];
        var failed = await FailureAsync(bench.Target("live-without-port"));
        Assert.Equal(FailureKind.PortInUse, failed.Kind);
        Assert.Equal(0, bench.Observed.Measuring);
    }

    /// <summary>Children of this process that ended and that nobody asked for.</summary>
    private static IReadOnlyList<int> Uncollected() =>
        [.. ProcessEntry.All().Where(entry => entry.ParentId == Environment.ProcessId && !entry.IsAlive).Select(entry => entry.Id)];

    private async Task<TrialState.CandidateFailed> FailureAsync(Target.Process target) =>
        Assert.IsType<TrialState.CandidateFailed>((await bench.RunAsync(target)).State);

    /// <summary>Answers every connection with a success.</summary>
    private sealed class Stranger : IDisposable
    {
        private readonly HttpListener listener = new();

        public Stranger()
        {
            Port = Deploying.Ports.Allocate(1)[0];
            listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            listener.Start();
            _ = AnswerAsync();
        }

        public int Port { get; }

        public void Dispose() => listener.Close();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    (await listener.GetContextAsync()).Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}

/// <summary>The same for a user who may not make cgroups.</summary>
public sealed class BadMannersWithoutCgroupsTests() : BadMannersTests(Bench.Machine.WithoutCgroups("told so by a test"));
