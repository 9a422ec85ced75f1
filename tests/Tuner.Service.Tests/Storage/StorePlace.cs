using Microsoft.Data.Sqlite;
using Tuner.Service.Storage;
using Tuner.Testing.Databases;

namespace Tuner.Service.Tests.Storage;

/// <summary>Where a test's database is; gone with the test.</summary>
public abstract class StorePlace : IAsyncDisposable
{
    public abstract Task<Database> OpenAsync(TimeProvider time);

    public abstract ValueTask DisposeAsync();
}

/// <summary>A file in a folder of its own.</summary>
public sealed class SqlitePlace : StorePlace
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-store-").FullName;

    public string FileNamed(string name) => Path.Combine(folder, name);

    public override async Task<Database> OpenAsync(TimeProvider time) => await SqliteDatabase.OpenAsync(FileNamed("tuner.db"), default, time);

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A database of its own on a real server.</summary>
public sealed class PostgresPlace : StorePlace
{
    private readonly List<PostgresDatabase> opened = [];
    private string? connectionString;

    public override async Task<Database> OpenAsync(TimeProvider time)
    {
        opened.Add(await PostgresDatabase.OpenAsync(connectionString ??= await PostgresServer.NewDatabaseAsync(), default, time));
        return opened[^1];
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var each in opened)
        {
            await each.DisposeAsync();
        }
    }
}
