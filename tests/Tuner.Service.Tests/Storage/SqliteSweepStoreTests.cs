using Dapper;
using Tuner.Service.Storage;

namespace Tuner.Service.Tests.Storage;

public sealed class SqliteSweepStoreTests() : SweepStoreContract(new SqlitePlace())
{
    [Fact]
    public async Task Refuses_a_file_that_a_newer_version_wrote()
    {
        var file = ((SqlitePlace)Place).FileNamed("newer.db");
        var database = await SqliteDatabase.OpenAsync(file, default);
        await using (var connection = await database.ConnectAsync(default))
        {
            await connection.ExecuteAsync("insert into schema_steps (name, applied_at) values ('9999_from_the_future', 0)");
        }

        var refusal = await Assert.ThrowsAsync<DatabaseException>(() => SqliteDatabase.OpenAsync(file, default));
        Assert.Contains("9999_from_the_future", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_on_with_a_file_of_the_first_version()
    {
        var file = ((SqlitePlace)Place).FileNamed("first.db");
        await FirstVersion.WriteAsync(file);

        var stores = new SweepStores(await SqliteDatabase.OpenAsync(file, default));

        var sweep = Assert.Single((await stores.Sweeps.ListSweepsAsync(new SweepQuery(), default)).Sweeps);
        Assert.Equal((FirstVersion.Sweep, SweepState.Running, StoredSweep.DefaultProject), (sweep.Id.Value, sweep.State, sweep.Project));
        Assert.NotNull(await stores.Claims.ClaimNextAsync("a", TimeSpan.FromSeconds(30), [], default));
        Assert.Single(await stores.Sweeps.TrialsAsync(sweep.Id, default));
    }
}
