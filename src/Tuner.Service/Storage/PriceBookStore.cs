using System.Collections.Immutable;
using Dapper;

namespace Tuner.Service.Storage;

/// <summary>Price books that were put into the service, by name.</summary>
public sealed class PriceBookStore(Database database)
{
    public async Task PutAsync(string name, string content, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            insert into price_books (name, content, changed_at) values (@name, @content, @at)
            on conflict (name) do update set content = @content, changed_at = @at
            """,
            new { name, content, at = at.ToUnixTimeMilliseconds() });
    }

    public async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<string?>("select content from price_books where name = @name", new { name });
    }

    /// <summary>Names and texts, by name.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Name, string Content)>("select name, content from price_books");
        return rows.ToImmutableSortedDictionary(row => row.Name, row => row.Content, StringComparer.Ordinal);
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("delete from price_books where name = @name", new { name }) == 1;
    }
}
