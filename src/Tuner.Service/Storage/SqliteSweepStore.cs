using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dapper;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>Sweeps and trials in SQLite.</summary>
public sealed class SqliteSweepStore(SqliteDatabase database) : ISweepStore
{
    private const string SweepColumns =
        "id, name, fingerprint, submission, state, reason, stop_kind as StopKind, created_at as CreatedAt, changed_at as ChangedAt, running_ticks as RunningTicks, seen_at as SeenAt";

    private const string TrialColumns =
        "id, number, candidate, purpose, state, detail, measurement, deployed_ticks as DeployedTicks, created_at as CreatedAt, changed_at as ChangedAt";

    /// <summary>Trials that have ended never change again: decoded once, while their sweep is being read.</summary>
    private readonly ConcurrentDictionary<string, Trial> ended = new(StringComparer.Ordinal);

    private const int MaxEnded = 10_000;

    public async Task AddSweepAsync(StoredSweep sweep, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            insert into sweeps (id, name, fingerprint, submission, state, reason, stop_kind, created_at, changed_at, running_ticks, seen_at)
            values (@Id, @Name, @Fingerprint, @Submission, @State, @Reason, @StopKind, @CreatedAt, @ChangedAt, @RunningTicks, @SeenAt)
            """,
            SweepRow.Of(sweep));
    }

    public async Task<StoredSweep?> FindSweepAsync(SweepId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<SweepRow>($"select {SweepColumns} from sweeps where id = @id", new { id = id.Value });
        return row?.ToSweep();
    }

    public async Task<ImmutableArray<StoredSweep>> ListSweepsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<SweepRow>($"select {SweepColumns} from sweeps order by created_at desc, id desc");
        return [.. rows.Select(row => row.ToSweep())];
    }

    public async Task<StoredSweep?> FindByFingerprintAsync(string fingerprint, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<SweepRow>(
            $"select {SweepColumns} from sweeps where fingerprint = @fingerprint order by created_at desc, id desc limit 1",
            new { fingerprint });
        return row?.ToSweep();
    }

    public async Task<bool> EndSweepAsync(SweepId id, SweepState state, StopReason stop, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var changed = await connection.ExecuteAsync(
            """
            update sweeps set state = @state, reason = @reason, stop_kind = @kind, changed_at = @at
            where id = @id and state = 'Running'
            """,
            new { id = id.Value, state = state.ToString(), reason = stop.Text, kind = stop.Kind.ToString(), at = at.ToUnixTimeMilliseconds() });
        return changed == 1;
    }

    public async Task AddRunningTimeAsync(SweepId id, TimeSpan time, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            "update sweeps set running_ticks = running_ticks + @ticks, seen_at = @at where id = @id",
            new { id = id.Value, ticks = time.Ticks, at = at.ToUnixTimeMilliseconds() });
    }

    public async Task<ImmutableArray<Trial>> TrialsAsync(SweepId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var known = await connection.QueryAsync<string>("select id from trials where sweep_id = @id order by number", new { id = id.Value });
        var trials = ImmutableArray.CreateBuilder<Trial>();
        foreach (var trialId in known)
        {
            trials.Add(ended.TryGetValue(trialId, out var cached) ? cached : await ReadAsync(trialId));
        }

        return trials.ToImmutable();

        async Task<Trial> ReadAsync(string trialId)
        {
            var row = await connection.QuerySingleAsync<TrialRow>($"select {TrialColumns} from trials where id = @trialId", new { trialId });
            return Remember(row.ToTrial());
        }
    }

    public async Task<bool> AddTrialAsync(SweepId id, Trial trial, string reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        var row = TrialRow.Of(trial);
        var added = await connection.ExecuteAsync(
            """
            insert into trials (id, sweep_id, number, candidate, purpose, state, detail, measurement, deployed_ticks, created_at, changed_at)
            values (@Id, @sweep, @Number, @Candidate, @Purpose, @State, @Detail, @Measurement, @DeployedTicks, @CreatedAt, @ChangedAt)
            on conflict do nothing
            """,
            Parameters(row, id),
            transaction);
        if (added == 1)
        {
            await RecordAsync(connection, transaction, row, from: "", reason);
        }

        await transaction.CommitAsync(cancellationToken);
        return added == 1;
    }

    public async Task<bool> ChangeTrialAsync(Trial from, Trial to, string reason, CancellationToken cancellationToken)
    {
        if (!TrialTransitions.IsLegal(from.State, to.State))
        {
            throw new InvalidOperationException($"Trial {from.Id} cannot move from {from.State.Name} to {to.State.Name}.");
        }

        await using var connection = await database.ConnectAsync(cancellationToken);
        await using var transaction = connection.BeginTransaction(deferred: false);
        var row = TrialRow.Of(to);
        var parameters = Parameters(row, default);
        parameters.Add("expected", from.State.Name);
        var changed = await connection.ExecuteAsync(
            """
            update trials set state = @State, detail = @Detail, measurement = @Measurement, deployed_ticks = @DeployedTicks, changed_at = @ChangedAt
            where id = @Id and state = @expected
            """,
            parameters,
            transaction);
        if (changed == 1)
        {
            await RecordAsync(connection, transaction, row, from.State.Name, reason);
        }

        await transaction.CommitAsync(cancellationToken);
        if (changed == 1)
        {
            Remember(to);
        }

        return changed == 1;
    }

    private static DynamicParameters Parameters(TrialRow row, SweepId sweep)
    {
        var parameters = new DynamicParameters(row);
        parameters.Add("sweep", sweep.Value);
        return parameters;
    }

    private static Task RecordAsync(System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction, TrialRow row, string from, string reason) =>
        connection.ExecuteAsync(
            "insert into trial_changes (trial_id, changed_at, from_state, to_state, reason) values (@Id, @ChangedAt, @from, @State, @reason)",
            new { row.Id, row.ChangedAt, from, row.State, reason },
            transaction);

    private Trial Remember(Trial trial)
    {
        if (trial.HasEnded)
        {
            if (ended.Count >= MaxEnded)
            {
                ended.Clear();
            }

            ended[trial.Id.Value] = trial;
        }

        return trial;
    }
}
