using System.Diagnostics;
using Tuner.Core.Trials;
using Tuner.Local.Cgroups;
using Tuner.Local.Deploying;
using Tuner.Local.Leftovers;
using Tuner.Local.Processes;
using Tuner.Testing.Time;

namespace Tuner.Local.Tests;

/// <summary>What a killed Tuner leaves is gone after the next one has looked for it.</summary>
public sealed class LeftoverTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose()
    {
        bench.Dispose();
        Assert.Empty(Bench.Survivors());
    }

    [Theory]
    [InlineData("with")]
    [InlineData("without")]
    public async Task A_killed_Tuner_takes_its_candidate_along_and_the_next_one_removes_the_daemons(string cgroups)
    {
        var (port, owner) = await RunAndKillAsync(cgroups, "children");
        await Until.TrueAsync(() => Ports.IsFree(port));
        Assert.NotEmpty(Bench.Survivors());

        var removed = await NextRunner(cgroups).RemoveLeftoversAsync(CancellationToken.None);
        Assert.NotEmpty(removed);
        Assert.Empty(Bench.Survivors());
        Assert.Empty(bench.Records);
        Assert.DoesNotContain(bench.Options.Machine.Hierarchy?.Names() ?? [], name => name.StartsWith(owner, StringComparison.Ordinal));
        Assert.Empty(await NextRunner(cgroups).RemoveLeftoversAsync(CancellationToken.None));
    }

    [Fact]
    public async Task What_carries_the_marker_of_a_dead_owner_is_removed_even_when_its_record_is_lost()
    {
        await RunAndKillAsync("without", "children");
        Directory.Delete(bench.Options.RecordDirectory, recursive: true);
        Assert.NotEmpty(await NextRunner("without").RemoveLeftoversAsync(CancellationToken.None));

        // The daemon without environment left no trace but the record; the test itself takes it away.
        foreach (var survivor in Bench.Survivors())
        {
            Assert.Contains("clear-env", "clear-env " + survivor, StringComparison.Ordinal);
            Native.Kill(int.Parse(survivor.Split(' ')[0]), Native.SigKill);
        }

        await Until.TrueAsync(() => Bench.Survivors().Count == 0);
    }

    [Fact]
    public async Task A_living_Tuners_trial_is_left_alone()
    {
        IReadOnlyList<string> removed = [];
        bench.Load = async (order, cancellationToken) =>
        {
            removed = await bench.Runner.RemoveLeftoversAsync(cancellationToken);
            await Bench.GetAsync(order.Endpoints[0], "/work", cancellationToken);
        };
        Assert.IsType<TrialState.Measured>((await bench.RunAsync(bench.Target())).State);
        Assert.Empty(removed);
    }

    [Fact]
    public async Task A_record_of_an_id_that_is_now_another_process_kills_nobody()
    {
        using var innocent = Process.Start(new ProcessStartInfo(Bench.Dotnet) { UseShellExecute = false, ArgumentList = { Bench.Server, "sleep" } })!;
        var record = new TrialRecord
        {
            Trial = "old-1",
            Owner = new Owner(innocent.Id, 1).ToString(),
            BootId = TrialRecord.CurrentBootId,
            Processes = [new ProcessName(innocent.Id, 1)],
        };
        record.Save(bench.Options.RecordDirectory);
        await bench.Runner.RemoveLeftoversAsync(CancellationToken.None);
        Assert.False(innocent.HasExited);
        Assert.Empty(bench.Records);
        innocent.Kill();
        await innocent.WaitForExitAsync();
    }

    private LocalTrialRunner NextRunner(string cgroups) =>
        new(bench.Options with { Machine = cgroups is "with" ? Bench.Machine : Bench.Machine.WithoutCgroups("told so by a test") });

    /// <summary>The port that the candidate had, and the owner that was killed.</summary>
    private async Task<(int Port, string Owner)> RunAndKillAsync(string cgroups, params string[] modes)
    {
        var start = new ProcessStartInfo(Bench.Dotnet) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(Bench).Assembly.Location, "run-trial", bench.Directory, cgroups }.Concat(modes))
        {
            start.ArgumentList.Add(argument);
        }

        using var tuner = Process.Start(start)!;
        var line = await tuner.StandardOutput.ReadLineAsync() ?? "";
        Assert.StartsWith("measuring ", line, StringComparison.Ordinal);
        await Until.TrueAsync(() => Bench.Survivors().Count(survivor => !survivor.Contains("run-trial", StringComparison.Ordinal)) == 4);
        await Until.TrueAsync(() => cgroups is "with" || TrialRecord.Load(bench.Records.Single())?.Processes.Length == 4);
        tuner.Kill();
        await tuner.WaitForExitAsync();
        var words = line.Split(' ');
        return (int.Parse(words[1]), words[2]);
    }
}
