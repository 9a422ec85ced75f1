using Tuner.Core.Planning;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>A sweep as a row.</summary>
internal sealed record SweepRow
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Fingerprint { get; init; } = "";

    public string Submission { get; init; } = "";

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
        Submission = sweep.Submission,
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
        Submission = Submission,
        State = Enum.Parse<SweepState>(State),
        Reason = Reason,
        Stop = StopKind is null ? null : new StopReason(Enum.Parse<StopKind>(StopKind), Reason),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(ChangedAt),
        Running = TimeSpan.FromTicks(RunningTicks),
        SeenAt = DateTimeOffset.FromUnixTimeMilliseconds(SeenAt),
    };
}
