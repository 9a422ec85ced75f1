using System.Data.Common;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;

namespace Tuner.Service.Storage;

/// <summary>PostgreSQL: what several nodes share. Leases count by the server's clock, so that nodes need not agree on the time.</summary>
public sealed partial class PostgresDatabase : Database, IAsyncDisposable
{
    /// <summary>Nodes that start together take turns at the schema: the key of that lock, any number that others do not use.</summary>
    private const long SchemaLock = 0x7475_6e65_72;

    private readonly NpgsqlDataSource source;
    private readonly bool localClock;

    private PostgresDatabase(NpgsqlDataSource source, string connectionString, TimeProvider? time)
    {
        ConnectionString = connectionString;
        this.source = source;
        localClock = time is not null;
        Time = time ?? TimeProvider.System;
        var builder = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        Name = $"database {builder.Database} on {builder.Host}:{builder.Port}";
    }

    public override string Name { get; }

    /// <summary>With the password: for libraries that connect by themselves, never for a message.</summary>
    internal string ConnectionString { get; }

    internal override string Clock => localClock ? "@now" : "(extract(epoch from clock_timestamp()) * 1000)::bigint";

    internal override string ForUpdate => " for update";

    internal override TimeProvider Time { get; }

    /// <summary>Connects and brings the schema up to date.</summary>
    /// <param name="time">For tests: leases then count by this clock instead of the server's.</param>
    /// <exception cref="DatabaseException">It cannot be reached, or a newer version of Tuner wrote it.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string connectionString, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "tuner", IncludeErrorDetail = false };

        // A cut connection has to be noticed well before a lease runs out.
        builder.Timeout = Math.Min(builder.Timeout, 5);
        builder.CommandTimeout = Math.Min(builder.CommandTimeout, 10);
        builder.CancellationTimeout = 1000;
        var database = new PostgresDatabase(NpgsqlDataSource.Create(builder), builder.ConnectionString, time);
        try
        {
            await database.InTransactionAsync(
                async (connection, transaction) =>
                {
                    await connection.ExecuteAsync($"select pg_advisory_xact_lock({SchemaLock})", transaction: transaction);
                    await database.MigrateAsync(connection, transaction);
                    return true;
                },
                cancellationToken);
            return database;
        }
        catch (Exception exception)
        {
            await database.DisposeAsync();
            if (exception is not (NpgsqlException or SocketException or TimeoutException or IOException or InvalidOperationException))
            {
                throw;
            }

            throw database.NotOpened(exception);
        }
    }

    public override async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken) => await source.OpenConnectionAsync(cancellationToken);

    public override async Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken) => await connection.BeginTransactionAsync(cancellationToken);

    public override bool IsTransient(Exception exception) => exception switch
    {
        // Going down, no room, a deadlock or a lost race between transactions; the rest of the server's answers are bugs.
        PostgresException answer => answer.SqlState is ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or ['5', '8', ..] or ['4', '0', ..],
        NpgsqlException or SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private DatabaseException NotOpened(Exception exception)
    {
        if (exception is InvalidOperationException)
        {
            return new DatabaseException(DatabaseTrouble.Lasting, exception.Message, exception.Message, exception);
        }

        var reason = (exception as PostgresException)?.MessageText ?? (exception.InnerException as SocketException)?.Message ?? exception.Message;
        return new DatabaseException(
            IsTransient(exception) ? DatabaseTrouble.Passing : DatabaseTrouble.Lasting,
            $"{Name}, which {DatabaseChoice.Variable} names, cannot be opened: {reason}. Start it, or name another one.",
            reason,
            exception);
    }

    private protected override string Translate(string script) => Blob().Replace(script, "bytea");

    [GeneratedRegex(@"\bblob\b")]
    private static partial Regex Blob();
}
