using System.Collections.Immutable;
using Dapper;
using Tuner.Service.Definitions;
using Tuner.Service.Submitting;

namespace Tuner.Service.Storage;

/// <summary>The target templates that the operator registered.</summary>
public sealed class TargetTemplateStore(Database database)
{
    public async Task PutAsync(string name, SweepSubmission submission, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            insert into target_templates (name, submission, registered_at) values (@name, @submission, @at)
            on conflict (name) do update set submission = @submission, registered_at = @at
            """,
            new { name, submission = submission.ToJson(), at = at.ToUnixTimeMilliseconds() });
    }

    /// <summary>All of them, by name.</summary>
    public async Task<ImmutableArray<TargetTemplate>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Name, string Submission, long At)>("select name, submission, registered_at from target_templates order by name");
        return [.. rows.Select(row => TargetTemplate.Of(row.Name, SweepSubmission.FromJson(row.Submission), DateTimeOffset.FromUnixTimeMilliseconds(row.At))).OfType<TargetTemplate>()];
    }

    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("delete from target_templates where name = @name", new { name }) == 1;
    }
}
