using Tuner.Service.Storage;

namespace Tuner.Service.Tests.Storage;

public sealed class SqliteSweepStoreTests : SweepStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-store-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Refuses_a_file_that_a_newer_version_wrote()
    {
        var file = Path.Combine(folder, "newer.db");
        var database = await SqliteDatabase.OpenAsync(file, default);
        await using (var connection = await database.ConnectAsync(default))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "pragma user_version = 1000";
            await command.ExecuteNonQueryAsync();
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => SqliteDatabase.OpenAsync(file, default));
        Assert.Contains("schema version 1000", refusal.Message, StringComparison.Ordinal);
    }

    protected override async Task<ISweepStore> OpenAsync() =>
        new SqliteSweepStore(await SqliteDatabase.OpenAsync(Path.Combine(folder, "tuner.db"), default));
}
