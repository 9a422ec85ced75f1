using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tuner.Core.Recommending;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;
using Tuner.Testing.Simulation;

namespace Tuner.EngineNode;

/// <summary>
/// Kills a running service at random moments and compares what it comes to with an undisturbed run: no finished trial
/// lost or changed, none counted twice, the same measurements in the same order, the same answer.
/// </summary>
public static class KillRun
{
    private const int LongestLifeMilliseconds = 900;

    /// <summary>So many of the kills may come before the node has done anything; the others find it at work, however slow the machine is.</summary>
    private const double KilledAtStart = 0.2;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <returns>0 when every promise held.</returns>
    public static async Task<int> RunAsync(int times, int seed, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("tuner-kills-").FullName;
        try
        {
            var chance = Chance.For(seed, 5);
            var (kills, sweeps, trials) = (0, 0, 0);
            while (kills < times)
            {
                sweeps++;
                var expected = await UndisturbedAsync(Path.Combine(folder, $"calm-{sweeps}"), seed + sweeps);
                var (found, problems, killed) = await DisturbedAsync(Path.Combine(folder, $"killed-{sweeps}"), seed + sweeps, times - kills, chance);
                kills += killed;
                trials += found.Measured.Length;
                await output.WriteLineAsync($"sweep {sweeps}: {killed} kills ({kills} in all), {found.Measured.Length} measured trials");
                if (!string.Equals(expected.ToString(), found.ToString(), StringComparison.Ordinal))
                {
                    problems = problems.Add($"undisturbed: {expected}\nkilled:      {found}");
                }

                if (!problems.IsEmpty)
                {
                    await output.WriteLineAsync($"sweep {sweeps} (seed {seed + sweeps}), after {kills} kills:\n{string.Join('\n', problems)}");
                    return 1;
                }
            }

            await output.WriteLineAsync($"{kills} kills, {sweeps} sweeps, {trials} measured trials: none lost, none counted twice, the same measurements and answers as undisturbed.");
            return 0;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static async Task<Answer> UndisturbedAsync(string folder, int seed)
    {
        var options = new NodeOptions { State = folder, Trial = TimeSpan.Zero };
        using var host = await Node.BuildAsync(options);
        var (store, id) = await SubmitAsync(folder, seed);
        await host.StartAsync();
        await SimulatedSweeps.UntilEndedAsync(store, id);
        await host.StopAsync();
        return await AnswerAsync(store, id);
    }

    private static async Task<(Answer Answer, ImmutableArray<string> Problems, int Kills)> DisturbedAsync(string folder, int seed, int most, Chance chance)
    {
        var (store, id) = await SubmitAsync(folder, seed);
        var problems = ImmutableArray.CreateBuilder<string>();
        var finished = new Dictionary<TrialId, Trial>();
        var kills = 0;
        while (kills < most && (await store.FindSweepAsync(id, default))!.State is not SweepState.Finished)
        {
            using var node = await NodeProcess.StartAsync(new NodeOptions { State = folder });
            if (chance.Uniform() > KilledAtStart)
            {
                await MovedAsync(store, id);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(LongestLifeMilliseconds * chance.Uniform()), TimeProvider.System);
            await node.KillAsync();
            kills++;
            Compare(finished, await store.TrialsAsync(id, default), problems);
        }

        using (await NodeProcess.StartAsync(new NodeOptions { State = folder, Trial = TimeSpan.Zero }))
        {
            await SimulatedSweeps.UntilEndedAsync(store, id);
        }

        Compare(finished, await store.TrialsAsync(id, default), problems);
        return (await AnswerAsync(store, id), problems.ToImmutable(), kills);
    }

    /// <summary>Until something of the sweep has changed, or it has ended.</summary>
    private static async Task MovedAsync(ISweepStore store, SweepId id)
    {
        using var patience = new CancellationTokenSource(Patience);
        var before = await StatesAsync();
        while (!(await store.FindSweepAsync(id, patience.Token))!.HasEnded && (await StatesAsync()).SequenceEqual(before))
        {
            await Task.Delay(Look, TimeProvider.System, patience.Token);
        }

        async Task<IEnumerable<(int Number, string State)>> StatesAsync() => (await store.TrialOutlinesAsync(id, patience.Token)).Select(trial => (trial.Number, trial.State)).ToList();
    }

    /// <summary>What had finished by an earlier look is there, and as it was.</summary>
    private static void Compare(Dictionary<TrialId, Trial> finished, ImmutableArray<Trial> now, ImmutableArray<string>.Builder problems)
    {
        foreach (var (id, trial) in finished)
        {
            if (now.FirstOrDefault(each => each.Id == id) is not { } same)
            {
                problems.Add($"trial {id} is lost");
            }
            else if (same.State.Name != trial.State.Name || same.ChangedAt != trial.ChangedAt)
            {
                problems.Add($"trial {id} was {trial.State.Name} at {trial.ChangedAt:O} and is {same.State.Name} at {same.ChangedAt:O}");
            }
        }

        foreach (var trial in now.Where(trial => trial.HasEnded))
        {
            finished[trial.Id] = trial;
        }

        foreach (var number in now.GroupBy(trial => trial.Number).Where(group => group.Count() > 1))
        {
            problems.Add($"number {number.Key} is there {number.Count()} times");
        }
    }

    internal static async Task<(ISweepStore Store, SweepId Id)> SubmitAsync(string folder, int seed)
    {
        // A store that remembers nothing: what is read is what is stored.
        var store = new SqlSweepStore(await SqliteDatabase.OpenAsync(new StateDirectory(folder).DatabaseFile, default));
        var intake = new SweepIntake(store, new ProgressBus(), TimeProvider.System);
        var answer = await intake.AddAsync(SimulatedSweeps.Read(seed, folder), new IntakeOptions(), default);
        return (store, answer.Sweep.Id);
    }

    internal static async Task<Answer> AnswerAsync(ISweepStore store, SweepId id)
    {
        var stored = (await store.FindSweepAsync(id, default))!;
        var trials = await store.TrialsAsync(id, default);
        var sweep = SweepFile.Rebuild(SweepSubmission.FromJson((await store.SubmissionAsync(id, default))!)).Sweep!;
        var winner = stored.Stop is { } stop && Recommender.Recommend(sweep, trials, stop) is Recommendation.Use use ? use.Winner.Candidate.ToString() : "none";
        return new Answer(
            $"{stored.State}: {stored.Stop?.Kind}, winner {winner}",
            [.. trials.Where(trial => trial.State is TrialState.Measured).Select(trial => $"{trial.Purpose} {trial.Candidate}")]);
    }

    internal sealed record Answer(string Text, ImmutableArray<string> Measured)
    {
        public override string ToString() => $"{Text}\n  {string.Join("\n  ", Measured)}";
    }
}
