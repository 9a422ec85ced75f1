using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using Tuner.Core.Gate;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Notifications;
using Tuner.Service.Storage;

namespace Tuner.Service.Gate;

/// <summary>Accepted recommendations, and the gate's word on every night since.</summary>
public sealed class GateStore(Database database)
{
    /// <summary>Makes a candidate the one that later nights are compared with.</summary>
    public async Task AcceptAsync(string project, string name, Candidate candidate, SweepId sweep, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            insert into accepted (project, name, candidate, sweep_id, accepted_at) values (@project, @name, @candidate, @sweep, @now)
            on conflict (project, name) do update set candidate = excluded.candidate, sweep_id = excluded.sweep_id, accepted_at = excluded.accepted_at
            """,
            new { project, name, candidate = CandidateText.Write(candidate), sweep = sweep.Value, now = database.Time.GetUtcNow().ToUnixTimeMilliseconds() });
    }

    /// <summary>What was accepted last; null where nothing was.</summary>
    public async Task<Accepted?> AcceptedAsync(string project, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<AcceptedRow>(
            "select candidate, sweep_id as SweepId, accepted_at as AcceptedAt from accepted where project = @project and name = @name", new { project, name });
        return row is null ? null : new Accepted(CandidateText.Read(row.Candidate), new SweepId(row.SweepId), DateTimeOffset.FromUnixTimeMilliseconds(row.AcceptedAt));
    }

    /// <summary>What was accepted in the projects (all where none is named), by project and name.</summary>
    public async Task<ImmutableArray<ListedGate>> ListAsync(ImmutableArray<string> projects, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<ListedRow>(
            """
            select a.project, a.name, a.candidate, a.sweep_id as SweepId, a.accepted_at as AcceptedAt, g.sweep_id as NightId, g.measured_at as NightAt, g.verdict, g.reason
            from accepted a left join gate_runs g on g.sweep_id =
                (select sweep_id from gate_runs r where r.project = a.project and r.name = a.name order by measured_at desc, sweep_id desc limit 1)
            order by a.project, a.name
            """);
        return [.. rows.Where(row => projects.IsEmpty || projects.Contains(row.Project, StringComparer.Ordinal)).Select(row => row.ToListed())];
    }

    /// <summary>Forgets what was accepted, so that the next night searches again; false where nothing was.</summary>
    public async Task<bool> ForgetAsync(string project, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteAsync("delete from accepted where project = @project and name = @name", new { project, name }) == 1;
    }

    /// <summary>True where the last night since the acceptance failed and nothing was searched since: time to tune again.</summary>
    public async Task<bool> WantsSearchAsync(string project, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(
            """
            select count(*) from accepted a join gate_runs g on g.project = a.project and g.name = a.name and g.candidate = a.candidate
            where a.project = @project and a.name = @name and g.verdict = 'Fail' and g.measured_at >= a.accepted_at
                and not exists (select 1 from gate_runs l where l.project = a.project and l.name = a.name and l.measured_at > g.measured_at)
                and not exists (select 1 from sweeps s where s.project = a.project and s.name = a.name and s.gate is null and s.created_at >= g.measured_at)
            """,
            new { project, name }) > 0;
    }

    /// <summary>Keeps a night and the word on it; storing it again changes nothing.</summary>
    public Task AddAsync(GateRun run, CancellationToken cancellationToken) => database.InTransactionAsync(
        async (connection, transaction) =>
        {
            await connection.ExecuteAsync(
                """
                insert into gate_runs (sweep_id, project, name, candidate, measured_at, verdict, reason, report, nights)
                values (@sweep, @Project, @Name, @candidate, @at, @verdict, @reason, @report, @nights)
                on conflict do nothing
                """,
                new
                {
                    sweep = run.Sweep.Value,
                    run.Project,
                    run.Name,
                    candidate = CandidateText.Write(run.Candidate),
                    at = run.At.ToUnixTimeMilliseconds(),
                    verdict = run.Report.Verdict.ToString(),
                    reason = run.Report.Reason,
                    report = JsonSerializer.Serialize(run.Report, Json),
                    nights = JsonSerializer.Serialize(run.Nights, Json),
                },
                transaction);
            await Outbox.PutAsync(
                connection,
                transaction,
                new NotifiedEvent($"{run.Sweep} gate", $"gate.{run.Report.Verdict.ToString().ToLowerInvariant()}", run.Project, run.Sweep.Value, run.Name, run.Report.Reason, run.At));
            return true;
        },
        cancellationToken);

    /// <summary>The nights of a sweep name, oldest first: the first ones and the most recent ones, at most so many of each.</summary>
    public async Task<ImmutableArray<GateRun>> RunsAsync(string project, string name, int atEachEnd, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        async Task<IEnumerable<RunRow>> Read(string order) => await connection.QueryAsync<RunRow>(
            $"""
            select sweep_id as SweepId, candidate, measured_at as MeasuredAt, report, nights from gate_runs
            where project = @project and name = @name order by measured_at {order}, sweep_id {order} limit @atEachEnd
            """,
            new { project, name, atEachEnd });
        var rows = (await Read("asc")).Concat(await Read("desc")).DistinctBy(row => row.SweepId).OrderBy(row => row.MeasuredAt).ThenBy(row => row.SweepId, StringComparer.Ordinal);
        return [.. rows.Select(row => row.ToRun(project, name))];
    }

    /// <summary>The word on one night; null where there is none yet.</summary>
    public async Task<GateWord?> WordAsync(SweepId sweep, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<WordRow>("select sweep_id as SweepId, verdict, reason from gate_runs where sweep_id = @Value", sweep);
        return row?.ToWord();
    }

    /// <summary>The word on each of the most recent nights of a sweep name, by the night's sweep.</summary>
    public async Task<ImmutableDictionary<SweepId, GateWord>> WordsAsync(string project, string name, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.ConnectAsync(cancellationToken);
        var rows = await connection.QueryAsync<WordRow>(
            "select sweep_id as SweepId, verdict, reason from gate_runs where project = @project and name = @name order by measured_at desc limit @limit",
            new { project, name, limit });
        return rows.ToImmutableDictionary(row => new SweepId(row.SweepId), row => row.ToWord());
    }

    internal static JsonSerializerOptions Json { get; } = new()
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private sealed record AcceptedRow
    {
        public string Candidate { get; init; } = "";

        public string SweepId { get; init; } = "";

        public long AcceptedAt { get; init; }
    }

    private sealed record WordRow
    {
        public string SweepId { get; init; } = "";

        public string Verdict { get; init; } = "";

        public string Reason { get; init; } = "";

        public GateWord ToWord() => new(Enum.Parse<GateVerdict>(Verdict), Reason);
    }

    private sealed record ListedRow
    {
        public string Project { get; init; } = "";

        public string Name { get; init; } = "";

        public string Candidate { get; init; } = "";

        public string SweepId { get; init; } = "";

        public long AcceptedAt { get; init; }

        public string? NightId { get; init; }

        public long? NightAt { get; init; }

        public string? Verdict { get; init; }

        public string? Reason { get; init; }

        public ListedGate ToListed() => new(
            Project,
            Name,
            new Accepted(CandidateText.Read(Candidate), new SweepId(SweepId), DateTimeOffset.FromUnixTimeMilliseconds(AcceptedAt)),
            NightId is null ? null : new ListedNight(new SweepId(NightId), DateTimeOffset.FromUnixTimeMilliseconds(NightAt!.Value), Enum.Parse<GateVerdict>(Verdict!), Reason!));
    }

    private sealed record RunRow
    {
        public string SweepId { get; init; } = "";

        public string Candidate { get; init; } = "";

        public long MeasuredAt { get; init; }

        public string Report { get; init; } = "";

        public string Nights { get; init; } = "";

        public GateRun ToRun(string project, string name) => new()
        {
            Sweep = new SweepId(SweepId),
            Project = project,
            Name = name,
            Candidate = CandidateText.Read(Candidate),
            At = DateTimeOffset.FromUnixTimeMilliseconds(MeasuredAt),
            Report = JsonSerializer.Deserialize<GateReport>(Report, Json)!,
            Nights = JsonSerializer.Deserialize<ImmutableSortedDictionary<string, GateNight>>(Nights, Json)!,
        };
    }
}

/// <summary>The recommendation that nights are compared with.</summary>
public sealed record Accepted(Candidate Candidate, SweepId Sweep, DateTimeOffset At);

/// <summary>What was accepted under a sweep's name, and the last word on it; null before the first night.</summary>
public sealed record ListedGate(string Project, string Name, Accepted Accepted, ListedNight? LastNight);

/// <summary>The gate's word on one night.</summary>
public sealed record ListedNight(SweepId Sweep, DateTimeOffset At, GateVerdict Verdict, string Reason);

/// <summary>One night: what was measured of each SLO's metric (by the SLO's sentence), and the gate's word on it.</summary>
public sealed record GateRun
{
    public required SweepId Sweep { get; init; }

    public required string Project { get; init; }

    public required string Name { get; init; }

    public required Candidate Candidate { get; init; }

    public required DateTimeOffset At { get; init; }

    public required GateReport Report { get; init; }

    public required ImmutableSortedDictionary<string, GateNight> Nights { get; init; }
}
