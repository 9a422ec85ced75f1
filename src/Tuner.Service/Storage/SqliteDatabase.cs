using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Tuner.Service.Storage;

/// <summary>The embedded database: one file, write-ahead log, migrated by the ordered scripts in Storage/Migrations.</summary>
public sealed class SqliteDatabase : Database
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private readonly string file;
    private readonly string connectionString;

    private SqliteDatabase(string file, TimeProvider time)
    {
        this.file = file;
        Time = time;
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 30 }.ToString();
    }

    public override string Name => file;

    internal override string Clock => "@now";

    // A transaction that writes holds the whole file.
    internal override string ForUpdate => "";

    internal override TimeProvider Time { get; }

    /// <summary>Opens the file, or makes it, and brings its schema up to date.</summary>
    /// <exception cref="DatabaseException">It cannot be had, is no database, or a newer version of Tuner wrote it.</exception>
    public static async Task<SqliteDatabase> OpenAsync(string file, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var database = new SqliteDatabase(file, time ?? TimeProvider.System);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await database.MigrateAsync(cancellationToken);
            return database;
        }
        catch (InvalidOperationException exception)
        {
            throw new DatabaseException(DatabaseTrouble.Lasting, exception.Message, exception.Message, exception);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException(
                exception is SqliteException { SqliteErrorCode: Busy or Locked or Full } ? DatabaseTrouble.Passing : DatabaseTrouble.Lasting,
                $"{file} cannot be opened: {exception.Message.TrimEnd('.')}. Give this user a folder with room, here or another with --state.",
                exception.Message,
                exception);
        }
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);

        // NORMAL survives a killed process; a power cut may cost the last writes, which a local sweep can bear.
        await connection.ExecuteAsync("pragma synchronous = normal");
        return connection;
    }

    public override Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    public override bool IsTransient(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: Busy or Locked or InputOutput or Full or CannotOpen } or IOException;

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await connection.ExecuteAsync("pragma journal_mode = wal");
        await using var transaction = await BeginAsync(connection, cancellationToken);
        await TakeOverVersionNumberAsync(connection, transaction);
        await MigrateAsync(connection, transaction);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The first version counted its scripts in <c>user_version</c> instead of keeping their names.</summary>
    private static async Task TakeOverVersionNumberAsync(DbConnection connection, DbTransaction transaction)
    {
        if (await connection.ExecuteScalarAsync<long>("pragma user_version", transaction: transaction) == 1)
        {
            await connection.ExecuteAsync(
                """
                create table schema_steps (name text not null primary key, applied_at bigint not null);
                insert into schema_steps (name, applied_at) values ('0001_sweeps_and_trials', 0);
                pragma user_version = 0;
                """,
                transaction: transaction);
        }
    }
}
