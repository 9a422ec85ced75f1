using System.Text.Json;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;

namespace Tuner.Service.Storage;

/// <summary>A trial as a row: what its state carries is JSON, its measurement a compressed block.</summary>
internal sealed record TrialRow
{
    public string Id { get; init; } = "";

    public long Number { get; init; }

    public string Candidate { get; init; } = "";

    public string Purpose { get; init; } = "";

    public string State { get; init; } = "";

    public string Detail { get; init; } = "";

    public byte[]? Measurement { get; init; }

    public long DeployedTicks { get; init; }

    public long CreatedAt { get; init; }

    public long ChangedAt { get; init; }

    public static TrialRow Of(Trial trial)
    {
        var (detail, measurement) = trial.State switch
        {
            TrialState.Measured state => (new StateDetail(), state.Measurement),
            TrialState.Invalid state => (new StateDetail { Reason = state.Reason }, state.Measurement),
            TrialState.CandidateFailed state => (new StateDetail { Reason = state.Reason, Kind = state.Kind.ToString(), LogTail = state.LogTail }, null),
            TrialState.Interrupted state => (new StateDetail { Reason = state.Cause, ByRestart = state.ByRestart }, null),
            TrialState.Cancelled state => (new StateDetail { Reason = state.Reason }, null),
            _ => (new StateDetail(), (Measurement?)null),
        };
        return new TrialRow
        {
            Id = trial.Id.Value,
            Number = trial.Number,
            Candidate = CandidateText.Write(trial.Candidate),
            Purpose = trial.Purpose.ToString(),
            State = trial.State.Name,
            Detail = JsonSerializer.Serialize(detail),
            Measurement = measurement is null ? null : MeasurementJson.WriteUtf8(measurement),
            DeployedTicks = trial.Deployed.Ticks,
            CreatedAt = trial.CreatedAt.ToUnixTimeMilliseconds(),
            ChangedAt = trial.ChangedAt.ToUnixTimeMilliseconds(),
        };
    }

    public Trial ToTrial() => new()
    {
        Id = new TrialId(Id),
        Number = (int)Number,
        Candidate = CandidateText.Read(Candidate),
        Purpose = Enum.Parse<TrialPurpose>(Purpose),
        State = ToState(JsonSerializer.Deserialize<StateDetail>(Detail)!),
        Deployed = TimeSpan.FromTicks(DeployedTicks),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        ChangedAt = DateTimeOffset.FromUnixTimeMilliseconds(ChangedAt),
    };

    /// <summary>The row was read without its measurement.</summary>
    public TrialOutline ToOutline() => new(
        (int)Number,
        CandidateText.Read(Candidate),
        Enum.Parse<TrialPurpose>(Purpose),
        State,
        JsonSerializer.Deserialize<StateDetail>(Detail)!.Reason,
        TimeSpan.FromTicks(DeployedTicks));

    private TrialState ToState(StateDetail detail) => State switch
    {
        nameof(TrialState.Pending) => new TrialState.Pending(),
        nameof(TrialState.Deploying) => new TrialState.Deploying(),
        nameof(TrialState.Measuring) => new TrialState.Measuring(),
        nameof(TrialState.Measured) => new TrialState.Measured(MeasurementJson.ReadUtf8(Measurement!)),
        nameof(TrialState.Invalid) => new TrialState.Invalid(detail.Reason, Measurement is null ? null : MeasurementJson.ReadUtf8(Measurement)),
        nameof(TrialState.CandidateFailed) => new TrialState.CandidateFailed(Enum.Parse<FailureKind>(detail.Kind), detail.Reason, detail.LogTail),
        nameof(TrialState.Interrupted) => new TrialState.Interrupted(detail.Reason, detail.ByRestart),
        nameof(TrialState.Cancelled) => new TrialState.Cancelled(detail.Reason),
        _ => throw new InvalidDataException($"Trial {Id} is stored in the unknown state '{State}'."),
    };

    /// <summary>What a state carries beside a measurement.</summary>
    internal sealed record StateDetail
    {
        public string Reason { get; init; } = "";

        public string Kind { get; init; } = "";

        public string LogTail { get; init; } = "";

        public bool ByRestart { get; init; }
    }
}
