using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.EngineNode;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Storage;
using Tuner.Testing.Databases;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Nodes;

/// <summary>
/// Real nodes on a real PostgreSQL that are killed, stopped and cut off. A node is stopped until another one has taken its
/// sweep over; <c>TUNER_STOPPED_SECONDS=90 TUNER_LEASE_SECONDS=30</c> runs the same with the service's own times.
/// </summary>
public sealed class NodeTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(Seconds("TUNER_LEASE_SECONDS", 5));
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(Seconds("TUNER_STOPPED_SECONDS", 0));
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly string folder = Directory.CreateTempSubdirectory("tuner-nodes-").FullName;
    private PostgresDatabase? database;
    private string connectionString = "";
    private SweepStores stores = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.WhyNot is null)
        {
            connectionString = await PostgresServer.NewDatabaseAsync();
            database = await PostgresDatabase.OpenAsync(connectionString, default);
            stores = new SweepStores(database);
        }
    }

    public async Task DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }

        // What a killed node left running.
        var left = Candidates("a").Concat(Candidates("b")).Select(File.ReadAllText).ToHashSet();
        foreach (var candidate in Process.GetProcessesByName("sleep").Where(process => left.Contains($"{process.Id}")))
        {
            candidate.Kill();
            candidate.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    [PostgresFact]
    public async Task Nodes_share_the_sweeps_and_what_a_killed_one_had_is_finished_by_the_other()
    {
        var ids = new List<SweepId>();
        for (var seed = 1; seed <= 4; seed++)
        {
            ids.Add(await SubmitAsync(seed));
        }

        using var first = await StartAsync("a", TimeSpan.FromMilliseconds(100), sweeps: 2);
        using var second = await StartAsync("b", TimeSpan.FromMilliseconds(100), sweeps: 2);
        await Until.TrueAsync(async () => (await stores.Claims.HoldersAsync(default)).Length == 2);
        await Until.TrueAsync(async () => (await stores.Sweeps.TrialsAsync(ids[0], default)).Any(trial => trial.State is TrialState.Measured));
        await first.KillAsync();

        foreach (var id in ids)
        {
            await Until.TrueAsync(async () => (await stores.Sweeps.FindSweepAsync(id, default))!.HasEnded);
            Assert.Equal(SweepState.Finished, (await stores.Sweeps.FindSweepAsync(id, default))!.State);
            var trials = await stores.Sweeps.TrialsAsync(id, default);
            Assert.Equal(Enumerable.Range(1, trials.Length), trials.Select(trial => trial.Number));
            Assert.All(trials, trial => Assert.True(trial.State is TrialState.Measured or TrialState.Interrupted { ByRestart: true }, trial.State.Name));
        }
    }

    [PostgresFact]
    public async Task A_node_that_was_stopped_ends_its_candidate_when_it_goes_on_and_its_result_counts_for_nothing()
    {
        var id = await SubmitAsync(1);
        using var first = await StartAsync("a", Long);
        await Until.TrueAsync(() => Candidates("a").Length == 1);
        var holder = (await stores.Sweeps.FindSweepAsync(id, default))!.Node;
        using var second = await StartAsync("b", Long);

        await first.StopAsync();
        await Task.Delay(Stopped, TimeProvider.System);
        await Until.TrueAsync(async () => (await stores.Sweeps.TrialsAsync(id, default)) is [_, { State: TrialState.Measuring }]);
        Assert.Single(Candidates("b"));
        Assert.Single(Candidates("a"));
        await first.ContinueAsync();
        await Until.TrueAsync(() => Candidates("a").Length == 0);

        Assert.NotEqual(holder, (await stores.Sweeps.FindSweepAsync(id, default))!.Node);
        var trials = await stores.Sweeps.TrialsAsync(id, default);
        Assert.Equal(["Interrupted", "Measuring"], trials.Select(trial => trial.State.Name));
        Assert.Contains("taken over", (await stores.Sweeps.SweepHistoryAsync(id, default))[^1].Reason, StringComparison.Ordinal);
        Assert.Single(Candidates("b"));
    }

    [PostgresFact]
    public async Task A_node_that_is_cut_off_ends_its_candidate_before_its_lease_runs_out()
    {
        var id = await SubmitAsync(1);
        using var cable = new Cable(new NpgsqlConnectionStringBuilder(connectionString).Port);
        var through = new NpgsqlConnectionStringBuilder(connectionString) { Port = cable.Port }.ConnectionString;

        // Not the shortest: what is tested is the order of two ends, not the speed of a busy machine.
        using var node = await StartAsync("a", Long, connection: through, lease: 3 * Lease);
        await Until.TrueAsync(() => Candidates("a").Length == 1);

        cable.Cut();
        var leftWhenItEnded = TimeSpan.Zero;
        await Until.TrueAsync(async () =>
        {
            leftWhenItEnded = await LeaseLeftAsync(id);
            return Candidates("a").Length == 0;
        });
        Assert.True(leftWhenItEnded > TimeSpan.Zero, "the candidate outlived its node's lease");

        // It may have been cut off while it stored that the candidate is ready.
        Assert.Contains(Assert.Single(await stores.Sweeps.TrialsAsync(id, default)).State.Name, new[] { "Deploying", "Measuring" });

        // Back again, it takes up what nobody else has.
        cable.Join();
        await Until.TrueAsync(async () => (await stores.Sweeps.TrialsAsync(id, default)) is [_, { State: TrialState.Measuring }]);
        Assert.Equal(["Interrupted", "Measuring"], (await stores.Sweeps.TrialsAsync(id, default)).Select(trial => trial.State.Name));
    }

    [PostgresFact]
    public async Task A_short_outage_of_the_database_costs_no_trial()
    {
        var id = await SubmitAsync(2);
        using var node = await StartAsync("a", TimeSpan.FromMilliseconds(300));
        for (var cut = 0; cut < 4; cut++)
        {
            var before = (await stores.Sweeps.TrialsAsync(id, default)).Count(trial => trial.State is TrialState.Measured);
            await Until.TrueAsync(async () => (await stores.Sweeps.TrialsAsync(id, default)).Count(trial => trial.State is TrialState.Measured) > before);
            await PostgresServer.CutAsync(connectionString);
        }

        await Until.TrueAsync(async () => (await stores.Sweeps.FindSweepAsync(id, default))!.HasEnded);
        Assert.Equal(SweepState.Finished, (await stores.Sweeps.FindSweepAsync(id, default))!.State);
        Assert.All(await stores.Sweeps.TrialsAsync(id, default), trial => Assert.IsType<TrialState.Measured>(trial.State));
    }

    [PostgresFact]
    public async Task A_database_that_stays_away_costs_the_trial_that_ran_and_the_node_goes_on_once_it_is_back()
    {
        var id = await SubmitAsync(3);
        using var cable = new Cable(new NpgsqlConnectionStringBuilder(connectionString).Port);
        var through = new NpgsqlConnectionStringBuilder(connectionString) { Port = cable.Port }.ConnectionString;
        using var node = await StartAsync("a", TimeSpan.FromMilliseconds(300), connection: through);
        await Until.TrueAsync(async () => (await stores.Sweeps.TrialsAsync(id, default)).Count(trial => trial.State is TrialState.Measured) >= 2);

        cable.Cut();
        await Until.TrueAsync(() => HasSaid(node, $"Sweep {id} was given up under number 1") && HasSaid(node, "Cannot look for sweeps to work on"));
        Assert.Empty(Candidates("a"));
        var measured = (await stores.Sweeps.TrialsAsync(id, default)).Where(trial => trial.State is TrialState.Measured).ToList();
        cable.Join();

        await Until.TrueAsync(async () => (await stores.Sweeps.FindSweepAsync(id, default))!.HasEnded);
        Assert.Equal(SweepState.Finished, (await stores.Sweeps.FindSweepAsync(id, default))!.State);
        var trials = await stores.Sweeps.TrialsAsync(id, default);
        Assert.Equal(measured.Select(trial => (trial.Id, trial.ChangedAt)), trials.Take(measured.Count).Select(trial => (trial.Id, trial.ChangedAt)));
        Assert.Equal(Enumerable.Range(1, trials.Length), trials.Select(trial => trial.Number));
        Assert.InRange(trials.Count(trial => trial.State is TrialState.Interrupted { ByRestart: true }), 0, 1);
        Assert.All(trials, trial => Assert.True(trial.State is TrialState.Measured or TrialState.Interrupted { ByRestart: true }, trial.State.Name));
    }

    [PostgresFact]
    public async Task A_candidate_that_cannot_be_reached_holds_its_slot_until_an_operator_frees_it()
    {
        var id = await SubmitAsync(1, ", pool: gpu-a");
        using var first = await StartAsync("a", Long);
        await Until.TrueAsync(() => Candidates("a").Length == 1);
        using var second = await StartAsync("b", Long);
        await first.StopAsync();

        await Until.TrueAsync(async () => (await stores.Sweeps.TrialsAsync(id, default)).Length == 2);
        var slot = Assert.Single(await stores.Slots.HeldAsync(default));
        Assert.True(slot.Unreachable);
        Assert.Contains("unreachable", Assert.IsType<TrialState.Interrupted>((await stores.Sweeps.TrialsAsync(id, default))[0].State).Cause, StringComparison.Ordinal);
        Assert.Empty(Candidates("b"));

        Assert.True(await stores.Slots.FreeAsync("gpu-a", slot.Slot, default));
        await Until.TrueAsync(() => Candidates("b").Length == 1);
        Assert.False(Assert.Single(await stores.Slots.HeldAsync(default)).Unreachable);
        await first.ContinueAsync();
    }

    private static double Seconds(string variable, double standard) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : standard;

    private static bool HasSaid(NodeProcess node, string text)
    {
        lock (node.Lines)
        {
            return node.Lines.Exists(line => line.Contains(text, StringComparison.Ordinal));
        }
    }

    /// <summary>Candidates of a node that live.</summary>
    private string[] Candidates(string node) => Directory.Exists(Path.Combine(folder, node)) ? Directory.GetFiles(Path.Combine(folder, node)) : [];

    private async Task<TimeSpan> LeaseLeftAsync(SweepId id)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select lease_until - (extract(epoch from clock_timestamp()) * 1000)::bigint from sweeps where id = @id", connection);
        command.Parameters.AddWithValue("id", id.Value);
        return TimeSpan.FromMilliseconds((long)(await command.ExecuteScalarAsync())!);
    }

    private Task<NodeProcess> StartAsync(string name, TimeSpan trial, int sweeps = 4, string? connection = null, TimeSpan? lease = null) => NodeProcess.StartAsync(new NodeOptions
    {
        State = Path.Combine(folder, "state-" + name),
        Database = connection ?? connectionString,
        Lease = lease ?? Lease,
        Trial = trial,
        Sweeps = sweeps,
        Children = Path.Combine(folder, name),
    });

    private async Task<SweepId> SubmitAsync(int seed, string measurement = "")
    {
        var intake = new SweepIntake(stores.Sweeps, new ProgressBus(), TimeProvider.System);
        return (await intake.AddAsync(SimulatedSweeps.Read(seed, folder, measurement), new IntakeOptions(), default)).Sweep.Id;
    }
}
