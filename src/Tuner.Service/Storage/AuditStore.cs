using System.Collections.Immutable;
using Dapper;
using Tuner.Core.Api;

namespace Tuner.Service.Storage;

/// <summary>The audit log: rows are added, never changed.</summary>
public sealed class AuditStore(Database database)
{
    public async Task AddAsync(AuditView entry, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            insert into audit_log (id, at, who, project, action, subject, outcome, came_from)
            values (@Id, @At, @Who, @Project, @Action, @Subject, @Outcome, @From)
            """,
            new { entry.Id, At = entry.At.ToUnixTimeMilliseconds(), entry.Who, entry.Project, entry.Action, entry.Subject, Outcome = (long)entry.Outcome, entry.From });
    }

    /// <summary>Newest first, those before the entry of that id.</summary>
    public async Task<ImmutableArray<AuditView>> ListAsync(string? before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            """
            select id, at, who, project, action, subject, outcome, came_from as CameFrom from audit_log
            where id < @before order by id desc limit @limit
            """,
            new { before = before ?? "g", limit });
        return [.. rows.Select(row => new AuditView(row.Id, DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Who, row.Project, row.Action, row.Subject, (int)row.Outcome, row.CameFrom))];
    }

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public long At { get; init; }

        public string Who { get; init; } = "";

        public string Project { get; init; } = "";

        public string Action { get; init; } = "";

        public string Subject { get; init; } = "";

        public long Outcome { get; init; }

        public string CameFrom { get; init; } = "";
    }
}
