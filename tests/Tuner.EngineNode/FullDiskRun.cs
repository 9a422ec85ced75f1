using Microsoft.Extensions.Hosting;
using Tuner.Core.Trials;

namespace Tuner.EngineNode;

/// <summary>
/// Fills the disk under a running sweep, and frees it again: the sweep must go on and come to what it would have come to.
/// To be run on a small file system of its own: <c>unshare -m sh -c "mount -t tmpfs -o size=4m none /mnt; ... full /mnt"</c>.
/// </summary>
public static class FullDiskRun
{
    private const int Seed = 1;
    private const int Block = 1024;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Full = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <returns>0 when the answer is that of an undisturbed sweep.</returns>
    public static async Task<int> RunAsync(string folder, TextWriter output)
    {
        var calm = Directory.CreateTempSubdirectory("tuner-calm-").FullName;
        var expected = await KillRun.UndisturbedAsync(calm, Seed);
        var state = Path.Combine(folder, "state");
        using var host = await Node.BuildAsync(new NodeOptions { State = state, Trial = TimeSpan.FromMilliseconds(500) });
        var (store, id) = await KillRun.SubmitAsync(state, Seed);
        await host.StartAsync();
        using var patience = new CancellationTokenSource(Patience);
        while ((await store.TrialsAsync(id, patience.Token)).Count(trial => trial.State is TrialState.Measured) < 3)
        {
            await Task.Delay(Look, TimeProvider.System, patience.Token);
        }

        var filler = Path.Combine(folder, "filler");
        await FillAsync(filler);
        await output.WriteLineAsync($"full, with {(await store.TrialsAsync(id, default)).Length} trials");
        await Task.Delay(Full, TimeProvider.System);
        var stuck = (await store.FindSweepAsync(id, default))!;
        await output.WriteLineAsync($"after {Full.TotalSeconds:F0} s: {stuck.State} ({stuck.Reason}), {(await store.TrialsAsync(id, default)).Length} trials");
        File.Delete(filler);
        await output.WriteLineAsync("freed");
        await SimulatedSweeps.UntilEndedAsync(store, id);
        await host.StopAsync();
        var found = await KillRun.AnswerAsync(store, id);
        await output.WriteLineAsync(string.Join('\n', (await store.SweepHistoryAsync(id, default)).Select(change => $"  {change.At:HH:mm:ss} {change.To}: {change.Reason}")));
        await output.WriteLineAsync(string.Join(", ", (await store.TrialsAsync(id, default)).GroupBy(trial => trial.State.Name).Select(group => $"{group.Count()} {group.Key}")));
        var same = string.Equals(expected.ToString(), found.ToString(), StringComparison.Ordinal);
        await output.WriteLineAsync(same ? $"the same measurements and answer as undisturbed: {found.Text}" : $"undisturbed: {expected}\nfull:        {found}");
        return same ? 0 : 1;
    }

    private static async Task FillAsync(string filler)
    {
        await using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                await file.WriteAsync(new byte[Block]);
            }
        }
        catch (IOException)
        {
            // Full now.
        }
    }
}
