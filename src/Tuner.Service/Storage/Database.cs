using System.Data.Common;
using Dapper;

namespace Tuner.Service.Storage;

/// <summary>
/// Where everything is stored: SQLite in a file, or PostgreSQL. Statements are the same for both but for the few words
/// that differ, which are here.
/// </summary>
public abstract class Database
{
    /// <summary>Shorter than a lease: what cannot be stored until then is another node's to do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>What it is, for messages; holds no secret.</summary>
    public abstract string Name { get; }

    /// <summary>The clock that leases count by, in Unix milliseconds: an expression that may use <c>@now</c>.</summary>
    internal abstract string Clock { get; }

    /// <summary>Ends a select whose row nobody else may change before the transaction ends.</summary>
    internal abstract string ForUpdate { get; }

    /// <summary>The local clock, for whatever is no lease.</summary>
    internal abstract TimeProvider Time { get; }

    public abstract Task<DbConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>A transaction that may write; where there is one writer only, it is that one.</summary>
    public abstract Task<DbTransaction> BeginAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>True for what may be gone when it is tried again: a lost connection, a busy or full disk.</summary>
    public abstract bool IsTransient(Exception exception);

    /// <summary>Runs what must happen together or not at all.</summary>
    internal async Task<T> InTransactionAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var transaction = await BeginAsync(connection, cancellationToken);
        var result = await work(connection, transaction);

        // Not to be cancelled: whether it was stored would be unknown, and Npgsql cancels by a call of its own to the server,
        // for which everything else that the same token ends would have to wait.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <summary>
    /// The same, tried again for a while where the database is out of reach: a short outage costs no trial. The work is
    /// told when it is tried again, since the try before may have been stored although its answer was lost.
    /// </summary>
    internal Task<T> PatientlyAsync<T>(Func<DbConnection, DbTransaction, bool, Task<T>> work, CancellationToken cancellationToken) =>
        PatientlyAsync(again => InTransactionAsync((connection, transaction) => work(connection, transaction, again), cancellationToken), cancellationToken);

    /// <summary>Reads, and tries again for a while where the database is out of reach.</summary>
    internal Task<T> ReadPatientlyAsync<T>(Func<DbConnection, Task<T>> read, CancellationToken cancellationToken) =>
        PatientlyAsync(
            async _ =>
            {
                await using var connection = await ConnectAsync(cancellationToken);
                return await read(connection);
            },
            cancellationToken);

    private async Task<T> PatientlyAsync<T>(Func<bool, Task<T>> work, CancellationToken cancellationToken)
    {
        var start = Time.GetTimestamp();
        for (var again = false; ; again = true)
        {
            try
            {
                return await work(again);
            }
            catch (Exception exception) when (IsTransient(exception) && Time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, Time, cancellationToken);
            }
        }
    }

    /// <summary>Brings the schema up to date, within the transaction.</summary>
    private protected async Task MigrateAsync(DbConnection connection, DbTransaction transaction)
    {
        await connection.ExecuteAsync("create table if not exists schema_steps (name text not null primary key, applied_at bigint not null)", transaction: transaction);
        var seen = (await connection.QueryAsync<string>("select name from schema_steps", transaction: transaction)).ToHashSet(StringComparer.Ordinal);
        foreach (var script in MigrationScript.Missing(seen, Name))
        {
            await connection.ExecuteAsync(Translate(script.Text), transaction: transaction);
            await connection.ExecuteAsync(
                "insert into schema_steps (name, applied_at) values (@Name, @at)",
                new { script.Name, at = Time.GetUtcNow().ToUnixTimeMilliseconds() },
                transaction);
        }
    }

    /// <summary>A migration in this database's own words.</summary>
    private protected virtual string Translate(string script) => script;
}
