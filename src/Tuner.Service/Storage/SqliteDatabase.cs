using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tuner.Service.Storage;

/// <summary>The embedded database: one file, write-ahead log, migrated by the ordered scripts in Storage/Migrations.</summary>
public sealed class SqliteDatabase
{
    private readonly string connectionString;

    private SqliteDatabase(string file)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 30 }.ToString();
    }

    /// <summary>Opens the file, or makes it, and brings its schema up to date.</summary>
    /// <exception cref="InvalidOperationException">A newer version of Tuner wrote the file.</exception>
    public static async Task<SqliteDatabase> OpenAsync(string file, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var database = new SqliteDatabase(file);
        await database.MigrateAsync(file, cancellationToken);
        return database;
    }

    public async Task<SqliteConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);

        // NORMAL survives a killed process; a power cut may cost the last writes, which a local sweep can bear.
        await connection.ExecuteAsync("pragma synchronous = normal");
        return connection;
    }

    private async Task MigrateAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await connection.ExecuteAsync("pragma journal_mode = wal");
        await using var transaction = connection.BeginTransaction(deferred: false);
        var version = await connection.ExecuteScalarAsync<long>("pragma user_version", transaction: transaction);
        var scripts = Scripts();
        if (version > scripts.Count)
        {
            throw new InvalidOperationException(
                $"{file} has schema version {version}, this Tuner knows {scripts.Count}. Use the newer Tuner that wrote it, or another state directory.");
        }

        for (var index = (int)version; index < scripts.Count; index++)
        {
            await connection.ExecuteAsync(scripts[index], transaction: transaction);
        }

        await connection.ExecuteAsync($"pragma user_version = {scripts.Count}", transaction: transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    private static List<string> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from name in assembly.GetManifestResourceNames()
               where name.Contains(".Migrations.", StringComparison.Ordinal)
               orderby name
               select new StreamReader(assembly.GetManifestResourceStream(name)!).ReadToEnd(),
        ];
    }
}
