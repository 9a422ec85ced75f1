using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using Tuner.Core.Api;
using Tuner.Service.Access;

namespace Tuner.Service.Storage;

/// <summary>API keys in the database; only their hashes are there.</summary>
public sealed class KeyStore(Database database)
{
    private const string Columns = "id, name, hash, role, projects, created_at as CreatedAt, revoked_at as RevokedAt";

    public async Task AddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await InsertAsync(connection, key, "");
    }

    /// <summary>Adds a key unless its id is known, revoked or not; false where it is.</summary>
    public async Task<bool> AddOnceAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await InsertAsync(connection, key, " on conflict do nothing") == 1;
    }

    public async Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from api_keys where id = @id", new { id }))?.ToKey();
    }

    /// <summary>All keys, revoked ones too, oldest first.</summary>
    public async Task<ImmutableArray<ApiKey>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return [.. (await connection.QueryAsync<Row>($"select {Columns} from api_keys order by created_at, id")).Select(row => row.ToKey())];
    }

    /// <summary>Whether any key is good.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>("select count(*) from api_keys where revoked_at is null") > 0;
    }

    /// <summary>False where there is no such good key.</summary>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("update api_keys set revoked_at = @at where id = @id and revoked_at is null", new { id, at = at.ToUnixTimeMilliseconds() }) == 1;
    }

    private static Task<int> InsertAsync(DbConnection connection, ApiKey key, string otherwise) => connection.ExecuteAsync(
        $"insert into api_keys (id, name, hash, role, projects, created_at) values (@Id, @Name, @Hash, @Role, @Projects, @CreatedAt){otherwise}",
        new { key.Id, key.Name, key.Hash, Role = key.Role.ToString(), Projects = JsonSerializer.Serialize(key.Projects), CreatedAt = key.CreatedAt.ToUnixTimeMilliseconds() });

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public string Hash { get; init; } = "";

        public string Role { get; init; } = "";

        public string Projects { get; init; } = "";

        public long CreatedAt { get; init; }

        public long? RevokedAt { get; init; }

        public ApiKey ToKey() => new()
        {
            Id = Id,
            Name = Name,
            Hash = Hash,
            Role = Enum.Parse<KeyRole>(Role),
            Projects = JsonSerializer.Deserialize<ImmutableArray<string>>(Projects),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            RevokedAt = RevokedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        };
    }
}
