using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>The trials of all sweeps; written only under the claim that holds at that moment.</summary>
internal sealed class TrialTable(Database database)
{
    private const string Columns =
        "id, number, candidate, purpose, state, detail, measurement, deployed_ticks as DeployedTicks, created_at as CreatedAt, changed_at as ChangedAt";

    private const string Outlines = "number, candidate, purpose, state, detail, deployed_ticks as DeployedTicks";

    private readonly KnownTrials ended = new();

    public Task<ImmutableArray<Trial>> ReadAsync(SweepId id, CancellationToken cancellationToken) =>
        database.ReadPatientlyAsync(connection => ReadAsync(connection, id), cancellationToken);

    private async Task<ImmutableArray<Trial>> ReadAsync(DbConnection connection, SweepId id)
    {
        var known = (await connection.QueryAsync<string>("select id from trials where sweep_id = @id order by number", new { id = id.Value })).AsList();
        var trials = ImmutableArray.CreateBuilder<Trial>(known.Count);
        foreach (var trialId in known)
        {
            if (ended.Find(id, trialId) is { } seen)
            {
                trials.Add(seen);
            }
            else if (await connection.QuerySingleOrDefaultAsync<TrialRow>($"select {Columns} from trials where id = @trialId", new { trialId }) is { } row)
            {
                trials.Add(ended.Keep(id, row.ToTrial()));
            }
        }

        return trials.DrainToImmutable();
    }

    /// <summary>Lets go of what is kept of a sweep in memory; whoever reads it later brings it back.</summary>
    public void Forget(SweepId id) => ended.Forget(id);

    public Task<ImmutableArray<TrialOutline>> OutlinesAsync(SweepId id, CancellationToken cancellationToken) =>
        database.ReadPatientlyAsync(
            async connection => (await connection.QueryAsync<TrialRow>(
                    $"select {Outlines} from trials where sweep_id = @id order by number", new { id = id.Value }))
                .Select(row => row.ToOutline()).ToImmutableArray(),
            cancellationToken);

    public async Task<ImmutableArray<StateChange>> HistoryAsync(TrialId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await SweepHistory.OfTrialAsync(connection, id);
    }

    public Task<bool> AddAsync(SweepClaim claim, Trial trial, string reason, CancellationToken cancellationToken) =>
        database.PatientlyAsync(
            async (connection, transaction, again) =>
            {
                if (!await HoldsAsync(connection, transaction, claim))
                {
                    return false;
                }

                var row = TrialRow.Of(trial);
                var added = await connection.ExecuteAsync(
                    """
                    insert into trials (id, sweep_id, number, candidate, purpose, state, detail, measurement, deployed_ticks, created_at, changed_at)
                    values (@Id, @sweep, @Number, @Candidate, @Purpose, @State, @Detail, @Measurement, @DeployedTicks, @CreatedAt, @ChangedAt)
                    on conflict do nothing
                    """,
                    Parameters(row, "sweep", claim.Id.Value),
                    transaction);
                if (added == 1)
                {
                    await SweepHistory.RecordAsync(connection, transaction, trial.Id, "", row.State, reason, row.ChangedAt);
                }

                return added == 1 || (again && await IsStoredAsync(connection, transaction, row));
            },
            cancellationToken);

    public async Task<bool> ChangeAsync(SweepClaim claim, Trial from, Trial to, string reason, CancellationToken cancellationToken)
    {
        if (!TrialTransitions.IsLegal(from.State, to.State))
        {
            throw new InvalidOperationException($"Trial {from.Id} cannot move from {from.State.Name} to {to.State.Name}.");
        }

        var row = TrialRow.Of(to);
        var changed = await database.PatientlyAsync(
            async (connection, transaction, again) =>
            {
                if (!await HoldsAsync(connection, transaction, claim))
                {
                    return false;
                }

                var rows = await connection.ExecuteAsync(
                    """
                    update trials set state = @State, detail = @Detail, measurement = @Measurement, deployed_ticks = @DeployedTicks, changed_at = @ChangedAt
                    where id = @Id and state = @expected
                    """,
                    Parameters(row, "expected", from.State.Name),
                    transaction);
                if (rows == 1)
                {
                    await SweepHistory.RecordAsync(connection, transaction, to.Id, from.State.Name, row.State, reason, row.ChangedAt);
                }

                return rows == 1 || (again && await IsStoredAsync(connection, transaction, row));
            },
            cancellationToken);
        if (changed)
        {
            ended.Keep(claim.Id, to);
        }

        return changed;
    }

    /// <summary>The try before this one was stored after all, and only its answer was lost.</summary>
    private static async Task<bool> IsStoredAsync(DbConnection connection, DbTransaction transaction, TrialRow row) =>
        await connection.ExecuteScalarAsync<long>(
            "select count(*) from trials where id = @Id and state = @State and purpose = @Purpose and candidate = @Candidate and changed_at = @ChangedAt",
            row,
            transaction) == 1;

    /// <summary>The fencing: true while the sweep is under this very number, and it stays so until the transaction ends.</summary>
    private async Task<bool> HoldsAsync(DbConnection connection, DbTransaction transaction, SweepClaim claim) =>
        await connection.QuerySingleOrDefaultAsync<long?>(
            $"select fence from sweeps where id = @id and node = @Node{database.ForUpdate}",
            new { id = claim.Id.Value, claim.Node },
            transaction) == claim.Fence;

    private static DynamicParameters Parameters(TrialRow row, string name, string value)
    {
        var parameters = new DynamicParameters(row);
        parameters.Add(name, value);
        return parameters;
    }
}
