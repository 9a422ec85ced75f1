using Dapper;
using Npgsql;
using Tuner.Service.Storage;
using Tuner.Testing.Databases;

namespace Tuner.Service.Tests.Storage;

/// <summary>The contract on a real server, and what only PostgreSQL does.</summary>
[NeedsPostgres]
public sealed class PostgresSweepStoreTests() : SweepStoreContract(new PostgresPlace())
{
    [StoreFact]
    public async Task Nodes_that_start_together_make_the_schema_once()
    {
        var connectionString = await PostgresServer.NewDatabaseAsync();

        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresDatabase.OpenAsync(connectionString, default)));

        await using (var connection = await opened[0].ConnectAsync(default))
        {
            Assert.Equal(MigrationScript.All.Select(script => script.Name), (await connection.QueryAsync<string>("select name from schema_steps")).Order(StringComparer.Ordinal));
        }

        foreach (var each in opened)
        {
            await each.DisposeAsync();
        }
    }

    [StoreFact]
    public async Task Leases_count_by_the_servers_clock()
    {
        await using var shared = await PostgresDatabase.OpenAsync(await PostgresServer.NewDatabaseAsync(), default);
        await using var connection = await shared.ConnectAsync(default);

        var server = await connection.ExecuteScalarAsync<long>($"select {shared.Clock}");

        Assert.InRange(Math.Abs(server - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()), 0, 60_000);
    }

    [StoreFact]
    public async Task A_cut_connection_counts_as_a_passing_trouble()
    {
        var connectionString = await PostgresServer.NewDatabaseAsync();
        await using var shared = await PostgresDatabase.OpenAsync(connectionString, default);
        await using var connection = await shared.ConnectAsync(default);
        await PostgresServer.CutAsync(connectionString);

        var trouble = await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.ExecuteAsync("select 1"));

        Assert.True(shared.IsTransient(trouble));
        await using var again = await shared.ConnectAsync(default);
        Assert.Equal(1, await again.ExecuteScalarAsync<int>("select 1"));
    }
}
