using Tuner.Core.Trials;

namespace Tuner.Local.Tests;

public sealed class MachineSlotTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"tuner-slot-{Guid.NewGuid():N}.lock");

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task The_second_waits_until_the_first_has_gone_and_sees_who_that_is()
    {
        var waited = new TaskCompletionSource<string>();
        var first = await MachineSlot.TakeAsync(file, "trial a-1", _ => { }, TimeProvider.System, CancellationToken.None);
        var second = MachineSlot.TakeAsync(file, "trial b-1", text => waited.TrySetResult(text), TimeProvider.System, CancellationToken.None);
        Assert.Contains("trial a-1", await waited.Task, StringComparison.Ordinal);
        Assert.False(second.IsCompleted);
        first.Dispose();
        using var taken = await second;
    }

    [Fact]
    public async Task A_trial_that_is_stopped_while_it_waits_ends_interrupted_and_costs_nothing()
    {
        using var bench = new Bench();
        using var held = await MachineSlot.TakeAsync(bench.Options.SlotFile, "another", _ => { }, TimeProvider.System, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        bench.Observed.OnProgress = _ => stop.Cancel();
        var outcome = await bench.RunAsync(bench.Target(), stop.Token);
        Assert.IsType<TrialState.Interrupted>(outcome.State);
        Assert.Equal(TimeSpan.Zero, outcome.Deployed);
        Assert.Contains("another", bench.Observed.Steps[0], StringComparison.Ordinal);
    }
}
