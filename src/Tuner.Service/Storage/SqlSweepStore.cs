using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Notifications;

namespace Tuner.Service.Storage;

/// <summary>Sweeps and trials in a database.</summary>
public sealed class SqlSweepStore(Database database) : ISweepStore
{
    private readonly TrialTable trials = new(database);

    public Task<bool> AddSweepAsync(StoredSweep sweep, string submission, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async (connection, transaction) =>
            {
                var row = SweepRow.Of(sweep);
                var parameters = new DynamicParameters(row);
                parameters.Add("submission", submission);
                var added = await connection.ExecuteAsync(
                    """
                    insert into sweeps (id, name, project, labels, idempotency_key, gate, fingerprint, submission, state, reason, stop_kind, created_at, changed_at, running_ticks, seen_at)
                    values (@Id, @Name, @Project, @Labels, @IdempotencyKey, @Gate, @Fingerprint, @submission, @State, @Reason, @StopKind, @CreatedAt, @ChangedAt, @RunningTicks, @SeenAt)
                    on conflict do nothing
                    """,
                    parameters,
                    transaction);
                if (added == 1)
                {
                    await connection.ExecuteAsync(
                        "insert into sweep_labels (sweep_id, name, value) values (@id, @name, @value)",
                        sweep.Labels.Select(label => new { id = row.Id, name = label.Key, value = label.Value }),
                        transaction);
                    await SweepHistory.RecordAsync(connection, transaction, sweep.Id, "", row.State, row.Reason, row.CreatedAt);
                }

                return added == 1;
            },
            cancellationToken);

    public Task<StoredSweep?> FindSweepAsync(SweepId id, CancellationToken cancellationToken) => database.ReadPatientlyAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<SweepRow>($"select {SweepRow.Columns} from sweeps where id = @id", new { id = id.Value }))?.ToSweep(),
        cancellationToken);

    public Task<string?> SubmissionAsync(SweepId id, CancellationToken cancellationToken) => database.ReadPatientlyAsync(
        connection => connection.QuerySingleOrDefaultAsync<string?>("select submission from sweeps where id = @id", new { id = id.Value }),
        cancellationToken);

    public async Task<SweepPage> ListSweepsAsync(SweepQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, SweepQuery.MaxLimit);
        var (where, parameters) = SweepFilter.Of(query);
        parameters.Add("limit", limit + 1);
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = (await connection.QueryAsync<SweepRow>($"select {SweepRow.Columns} from sweeps s {where} order by s.created_at desc, s.id desc limit @limit", parameters)).AsList();
        var last = rows.Count > limit ? rows[limit - 1] : null;
        return new SweepPage([.. rows.Take(limit).Select(row => row.ToSweep())], last is null ? null : new SweepCursor(last.CreatedAt, last.Id));
    }

    public async Task<StoredSweep?> FindByFingerprintAsync(string fingerprint, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<SweepRow>(
            $"select {SweepRow.Columns} from sweeps where fingerprint = @fingerprint order by created_at desc, id desc limit 1",
            new { fingerprint });
        return row?.ToSweep();
    }

    public async Task<StoredSweep?> FindByIdempotencyKeyAsync(string project, string key, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SweepRow>(
            $"select {SweepRow.Columns} from sweeps where project = @project and idempotency_key = @key",
            new { project, key });
        return row?.ToSweep();
    }

    public async Task<ImmutableArray<StateChange>> SweepHistoryAsync(SweepId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await SweepHistory.OfSweepAsync(connection, id);
    }

    public Task<bool> ChangeSweepAsync(SweepId id, SweepState from, SweepState to, string reason, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async (connection, transaction) =>
            {
                Check(id, from, to);
                var now = Now();
                var changed = await connection.ExecuteAsync(
                    $"""
                    update sweeps set state = @to, reason = @reason, stop_kind = @stop, request = null, request_reason = null, changed_at = @now
                    where id = @id and state = @from and (lease_until is null or lease_until < {database.Clock})
                    """,
                    new { id = id.Value, from = from.ToString(), to = to.ToString(), reason, now, stop = to is SweepState.Cancelled ? nameof(StopKind.Cancelled) : null },
                    transaction);
                if (changed == 1)
                {
                    await SweepHistory.RecordAsync(connection, transaction, id, from.ToString(), to.ToString(), reason, now);
                    await TellAsync(connection, transaction, id, to, reason, now);
                }

                return changed == 1;
            },
            cancellationToken);

    public async Task<bool> RequestAsync(SweepId id, SweepRequest? request, string reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);

        // Who has asked for the end does not get a pause instead.
        return await connection.ExecuteAsync(
            "update sweeps set request = @request, request_reason = @reason where id = @id and state = 'Running' and (request is null or request <> 'Cancel')",
            new { id = id.Value, request = request?.ToString(), reason = request is null ? null : reason }) == 1;
    }

    public async Task<bool> DeleteSweepAsync(SweepId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        trials.Forget(id);
        return await connection.ExecuteAsync(
            "delete from sweeps where id = @id and state in ('Finished', 'Cancelled', 'Failed', 'Paused')",
            new { id = id.Value }) == 1;
    }

    public Task<bool> EndWorkAsync(SweepClaim claim, SweepState to, string reason, StopReason? stop, CancellationToken cancellationToken)
    {
        Check(claim.Id, SweepState.Running, to);
        var now = Now();
        return database.PatientlyAsync(
            async (connection, transaction, again) =>
            {
                var changed = await connection.ExecuteAsync(
                    """
                    update sweeps set state = @to, reason = @reason, stop_kind = @kind, changed_at = @now, node = null, lease_until = null, request = null, request_reason = null
                    where id = @id and fence = @Fence and node = @Node and state = 'Running'
                    """,
                    new { id = claim.Id.Value, claim.Fence, claim.Node, to = to.ToString(), reason, kind = stop?.Kind.ToString(), now },
                    transaction);
                if (changed == 1)
                {
                    await SweepHistory.RecordAsync(connection, transaction, claim.Id, nameof(SweepState.Running), to.ToString(), reason, now);
                    await TellAsync(connection, transaction, claim.Id, to, reason, now);
                }

                // The try before may have been stored, and only its answer was lost.
                return changed == 1 || (again && await connection.ExecuteScalarAsync<long>(
                    "select count(*) from sweeps where id = @id and fence = @Fence and state = @to and changed_at = @now",
                    new { id = claim.Id.Value, claim.Fence, to = to.ToString(), now },
                    transaction) == 1);
            },
            cancellationToken);
    }

    public Task<ImmutableArray<Trial>> TrialsAsync(SweepId id, CancellationToken cancellationToken) => trials.ReadAsync(id, cancellationToken);

    public Task<ImmutableArray<TrialOutline>> TrialOutlinesAsync(SweepId id, CancellationToken cancellationToken) => trials.OutlinesAsync(id, cancellationToken);

    public Task<ImmutableArray<StateChange>> TrialHistoryAsync(TrialId id, CancellationToken cancellationToken) => trials.HistoryAsync(id, cancellationToken);

    public Task<bool> AddTrialAsync(SweepClaim claim, Trial trial, string reason, CancellationToken cancellationToken) =>
        trials.AddAsync(claim, trial, reason, cancellationToken);

    public Task<bool> ChangeTrialAsync(SweepClaim claim, Trial from, Trial to, string reason, CancellationToken cancellationToken) =>
        trials.ChangeAsync(claim, from, to, reason, cancellationToken);

    /// <summary>Whoever subscribed is told of a sweep's end.</summary>
    private static async Task TellAsync(DbConnection connection, DbTransaction transaction, SweepId id, SweepState to, string reason, long now)
    {
        if (to is SweepState.Finished or SweepState.Cancelled or SweepState.Failed)
        {
            var (project, name) = await connection.QuerySingleAsync<(string Project, string Name)>("select project, name from sweeps where id = @id", new { id = id.Value }, transaction);
            await Outbox.PutAsync(
                connection,
                transaction,
                new NotifiedEvent($"{id} {to}", $"sweep.{to.ToString().ToLowerInvariant()}", project, id.Value, name, reason, DateTimeOffset.FromUnixTimeMilliseconds(now)));
        }
    }

    private long Now() => database.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private static void Check(SweepId id, SweepState from, SweepState to)
    {
        if (!SweepTransitions.IsLegal(from, to))
        {
            throw new InvalidOperationException($"Sweep {id} cannot move from {from} to {to}.");
        }
    }
}
