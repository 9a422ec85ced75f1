using System.Collections.Immutable;
using Dapper;
using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.Service.Storage;

namespace Tuner.Service.Schedules;

/// <summary>Schedules and what became of their runs.</summary>
public sealed class ScheduleStore(Database database)
{
    private const string Columns =
        "id, project, name, cron, time_zone as TimeZone, overlap, missed, paused, next_at as NextAt, created_at as CreatedAt";

    /// <summary>Stores a schedule, or changes the one of the same project and name; history is kept.</summary>
    public async Task PutAsync(StoredSchedule schedule, string submission, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            insert into schedules (id, project, name, submission, cron, time_zone, overlap, missed, paused, next_at, created_at)
            values (@Id, @Project, @Name, @submission, @Cron, @TimeZone, @Overlap, @Missed, @paused, @next, @created)
            on conflict (project, name) do update set submission = excluded.submission, cron = excluded.cron, time_zone = excluded.time_zone,
                overlap = excluded.overlap, missed = excluded.missed, paused = excluded.paused, next_at = excluded.next_at
            """,
            new
            {
                schedule.Id,
                schedule.Project,
                schedule.Name,
                submission,
                schedule.Rule.Cron,
                schedule.Rule.TimeZone,
                Overlap = schedule.Rule.Overlap.ToString(),
                Missed = schedule.Rule.Missed.ToString(),
                paused = schedule.Paused ? 1 : 0,
                next = schedule.NextAt?.ToUnixTimeMilliseconds(),
                created = schedule.CreatedAt.ToUnixTimeMilliseconds(),
            });
    }

    public async Task<StoredSchedule?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>($"select {Columns} from schedules where id = @id", new { id }))?.ToSchedule();
    }

    public async Task<string?> SubmissionAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string?>("select submission from schedules where id = @id", new { id });
    }

    /// <summary>All schedules by project and name.</summary>
    public async Task<ImmutableArray<StoredSchedule>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return [.. (await connection.QueryAsync<Row>($"select {Columns} from schedules order by project, name")).Select(row => row.ToSchedule())];
    }

    /// <summary>Schedules that are due, the longest due first.</summary>
    public async Task<ImmutableArray<StoredSchedule>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>($"select {Columns} from schedules where paused = 0 and next_at <= @now order by next_at", new { now = now.ToUnixTimeMilliseconds() });
        return [.. rows.Select(row => row.ToSchedule())];
    }

    /// <summary>Notes what became of a due run and moves the schedule on; false when another node did that first.</summary>
    public Task<bool> DoneAsync(StoredSchedule schedule, ScheduleRun run, DateTimeOffset? next, CancellationToken cancellationToken) => database.InTransactionAsync(
        async (connection, transaction) =>
        {
            var moved = await connection.ExecuteAsync(
                "update schedules set next_at = @next where id = @Id and next_at = @due",
                new { schedule.Id, due = schedule.NextAt?.ToUnixTimeMilliseconds(), next = next?.ToUnixTimeMilliseconds() },
                transaction);
            return moved == 1 && await NoteAsync(connection, transaction, schedule.Id, run);
        },
        cancellationToken);

    /// <summary>Changes when a schedule is due next; false when it is due at another time by now.</summary>
    public async Task<bool> MoveAsync(StoredSchedule schedule, DateTimeOffset next, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync(
            "update schedules set next_at = @next where id = @Id and next_at = @due",
            new { schedule.Id, due = schedule.NextAt?.ToUnixTimeMilliseconds(), next = next.ToUnixTimeMilliseconds() }) == 1;
    }

    /// <summary>The times after this one that have had their run.</summary>
    public async Task<ImmutableHashSet<DateTimeOffset>> DueTimesAsync(string id, DateTimeOffset after, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var times = await connection.QueryAsync<long>("select due_at from schedule_runs where schedule_id = @id and due_at > @after", new { id, after = after.ToUnixTimeMilliseconds() });
        return [.. times.Select(DateTimeOffset.FromUnixTimeMilliseconds)];
    }

    /// <summary>Notes a run that was not due, but asked for.</summary>
    public Task<bool> NoteAsync(string id, ScheduleRun run, CancellationToken cancellationToken) =>
        database.InTransactionAsync((connection, transaction) => NoteAsync(connection, transaction, id, run), cancellationToken);

    public async Task<bool> PauseAsync(string id, bool paused, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync(
            "update schedules set paused = @paused, next_at = @next where id = @id", new { id, paused = paused ? 1 : 0, next = next?.ToUnixTimeMilliseconds() }) == 1;
    }

    /// <summary>Changes when and how it runs; false where there is none.</summary>
    public async Task<bool> ChangeAsync(StoredSchedule schedule, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync(
            "update schedules set cron = @Cron, time_zone = @TimeZone, overlap = @Overlap, missed = @Missed, paused = @paused, next_at = @next where id = @Id",
            new
            {
                schedule.Id,
                schedule.Rule.Cron,
                schedule.Rule.TimeZone,
                Overlap = schedule.Rule.Overlap.ToString(),
                Missed = schedule.Rule.Missed.ToString(),
                paused = schedule.Paused ? 1 : 0,
                next = schedule.NextAt?.ToUnixTimeMilliseconds(),
            }) == 1;
    }

    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("delete from schedules where id = @id", new { id }) == 1;
    }

    /// <summary>The last runs, newest first.</summary>
    public async Task<ImmutableArray<ScheduleRun>> HistoryAsync(string id, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<RunRow>(
            "select due_at as DueAt, done_at as DoneAt, outcome, sweep_id as SweepId, reason from schedule_runs where schedule_id = @id order by due_at desc limit @limit",
            new { id, limit });
        return [.. rows.Select(row => row.ToRun())];
    }

    /// <summary>The last runs with what came of their sweeps, newest first.</summary>
    public async Task<ImmutableArray<ScheduleNight>> NightsAsync(string id, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<NightRow>(
            """
            select r.due_at as DueAt, r.done_at as DoneAt, r.outcome as Outcome, r.sweep_id as SweepId, r.reason as Reason,
                s.state as State, g.verdict as Verdict, g.reason as VerdictReason
            from schedule_runs r left join sweeps s on s.id = r.sweep_id left join gate_runs g on g.sweep_id = r.sweep_id
            where r.schedule_id = @id order by r.due_at desc limit @limit
            """,
            new { id, limit });
        return [.. rows.Select(row => row.ToNight())];
    }

    private static async Task<bool> NoteAsync(System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction, string id, ScheduleRun run) =>
        await connection.ExecuteAsync(
            "insert into schedule_runs (schedule_id, due_at, done_at, outcome, sweep_id, reason) values (@id, @due, @done, @outcome, @sweep, @Reason) on conflict do nothing",
            new { id, due = run.DueAt.ToUnixTimeMilliseconds(), done = run.DoneAt.ToUnixTimeMilliseconds(), outcome = run.Outcome.ToString(), sweep = run.Sweep?.Value, run.Reason },
            transaction) == 1;

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Project { get; init; } = "";

        public string Name { get; init; } = "";

        public string Cron { get; init; } = "";

        public string TimeZone { get; init; } = "";

        public string Overlap { get; init; } = "";

        public string Missed { get; init; } = "";

        public long Paused { get; init; }

        public long? NextAt { get; init; }

        public long CreatedAt { get; init; }

        public StoredSchedule ToSchedule() => new()
        {
            Id = Id,
            Project = Project,
            Name = Name,
            Rule = new SweepSchedule(Cron, TimeZone, Enum.Parse<ScheduleOverlap>(Overlap), Enum.Parse<MissedRuns>(Missed)),
            Paused = Paused != 0,
            NextAt = NextAt is { } next ? DateTimeOffset.FromUnixTimeMilliseconds(next) : null,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        };
    }

    private record RunRow
    {
        public long DueAt { get; init; }

        public long DoneAt { get; init; }

        public string Outcome { get; init; } = "";

        public string? SweepId { get; init; }

        public string Reason { get; init; } = "";

        public ScheduleRun ToRun() => new(
            DateTimeOffset.FromUnixTimeMilliseconds(DueAt),
            DateTimeOffset.FromUnixTimeMilliseconds(DoneAt),
            Enum.Parse<ScheduleOutcome>(Outcome),
            SweepId is null ? null : new SweepId(SweepId),
            Reason);
    }

    private sealed record NightRow : RunRow
    {
        public string? State { get; init; }

        public string? Verdict { get; init; }

        public string? VerdictReason { get; init; }

        public ScheduleNight ToNight() => new(
            ToRun(),
            State is null ? null : Enum.Parse<SweepState>(State),
            Verdict is null ? null : Enum.Parse<GateVerdict>(Verdict),
            VerdictReason);
    }
}
