using System.Collections.Immutable;
using System.Text.Json;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>A sweep as a row.</summary>
internal sealed record SweepRow
{
    public const string Columns =
        "id, name, project, labels, idempotency_key as IdempotencyKey, fingerprint, state, reason, stop_kind as StopKind, request, node, gate, "
        + "created_at as CreatedAt, changed_at as ChangedAt, running_ticks as RunningTicks, seen_at as SeenAt";

    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Fingerprint { get; init; } = "";

    public string Project { get; init; } = "";

    /// <summary>A JSON object.</summary>
    public string Labels { get; init; } = "{}";

    public string? IdempotencyKey { get; init; }

    public string? Request { get; init; }

    public string? Node { get; init; }

    public string? Gate { get; init; }

    public string State { get; init; } = "";

    public string Reason { get; init; } = "";

    public string? StopKind { get; init; }

    public long CreatedAt { get; init; }

    public long ChangedAt { get; init; }

    public long RunningTicks { get; init; }

    public long SeenAt { get; init; }

    public static SweepRow Of(StoredSweep sweep) => new()
    {
        Id = sweep.Id.Value,
        Name = sweep.Name,
        Fingerprint = sweep.Fingerprint,
        Project = sweep.Project,
        Labels = JsonSerializer.Serialize<IReadOnlyDictionary<string, string>>(sweep.Labels),
        IdempotencyKey = sweep.IdempotencyKey,
        Gate = sweep.Gate,
        State = sweep.State.ToString(),
        Reason = sweep.Reason,
        StopKind = sweep.Stop?.Kind.ToString(),
        CreatedAt = sweep.CreatedAt.ToUnixTimeMilliseconds(),
        ChangedAt = sweep.ChangedAt.ToUnixTimeMilliseconds(),
        RunningTicks = sweep.Running.Ticks,
        SeenAt = sweep.SeenAt.ToUnixTimeMilliseconds(),
    };

    public StoredSweep ToSweep() => new()
    {
        Id = new SweepId(Id),
        Name = Name,
        Fingerprint = Fingerprint,
        Project = Project,
        Labels = string.Equals(Labels, "{}", StringComparison.Ordinal)
            ? ImmutableSortedDictionary<string, string>.Empty
            : JsonSerializer.Deserialize<Dictionary<string, string>>(Labels)!.ToImmutableSortedDictionary(StringComparer.Ordinal),
        IdempotencyKey = IdempotencyKey,
        Request = Request is null ? null : Enum.Parse<SweepRequest>(Request),
        Node = Node,
        Gate = Gate,
        State = Enum.Parse<SweepState>(State),
        Reason = Reason,
        Stop = StopKind is null ? null : new StopReason(Enum.Parse<StopKind>(StopKind), Reason),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(ChangedAt),
        Running = TimeSpan.FromTicks(RunningTicks),
        SeenAt = DateTimeOffset.FromUnixTimeMilliseconds(SeenAt),
    };
}
