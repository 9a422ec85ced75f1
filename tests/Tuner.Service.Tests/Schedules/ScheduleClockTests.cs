using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tuner.Core.Sweeps;
using Tuner.EngineNode;
using Tuner.Local;
using Tuner.Service.Engine;
using Tuner.Service.Schedules;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Storage;
using Tuner.Testing.Databases;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Schedules;

/// <summary>The real clock: due runs are started without anybody asking, and once, on one node or two.</summary>
public sealed class ScheduleClockTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-clock-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Starts_what_is_due_on_sqlite()
    {
        var database = await SqliteDatabase.OpenAsync(Path.Combine(folder, "tuner.db"), default);

        using var host = await StartAsync(database, "a");

        await FiresOnceAsync(database);
        await host.StopAsync();
    }

    [PostgresFact]
    public async Task Starts_what_is_due_once_on_two_nodes()
    {
        var connectionString = await PostgresServer.NewDatabaseAsync();
        await using var one = await PostgresDatabase.OpenAsync(connectionString, default);
        await using var two = await PostgresDatabase.OpenAsync(connectionString, default);

        using var first = await StartAsync(one, "a");
        using var second = await StartAsync(two, "b");

        await FiresOnceAsync(one);
        await first.StopAsync();
        await second.StopAsync();
    }

    private async Task FiresOnceAsync(Database database)
    {
        var (store, stores) = (new ScheduleStore(database), new SweepStores(database));
        var reading = SimulatedSweeps.Read(1, folder);
        var due = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var schedule = new StoredSchedule
        {
            Id = "nightly",
            Project = StoredSweep.DefaultProject,
            Name = "nightly",
            Rule = new SweepSchedule("0 0 1 1 *", "UTC", ScheduleOverlap.Skip),
            NextAt = due,
            CreatedAt = due,
        };
        await store.PutAsync(schedule, reading.Submission!.ToJson(), default);

        await Until.TrueAsync(async () => !(await store.HistoryAsync(schedule.Id, 10, default)).IsEmpty);

        Assert.Equal(ScheduleOutcome.Started, Assert.Single(await store.HistoryAsync(schedule.Id, 10, default)).Outcome);
        Assert.Single((await stores.Sweeps.ListSweepsAsync(new SweepQuery(), default)).Sweeps);
    }

    private async Task<IHost> StartAsync(Database database, string name)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var state = new StateDirectory(Path.Combine(folder, name));
        builder.Services.AddSweepEngine(database, new SweepEngineOptions { Local = new LocalOptions { StateDirectory = state.Path } });
        builder.Services.AddScheduleClock(database, state);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
