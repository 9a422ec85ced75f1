using Tuner.Core.Sweeps;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>What a user may ask of a sweep. A node that runs it hears of it with its next sign of life.</summary>
public sealed class SweepControl(ISweepStore store, ProgressBus bus)
{
    private const int Attempts = 5;

    /// <summary>Ends the sweep and its running trials.</summary>
    public Task<ControlAnswer> CancelAsync(SweepId id, string reason, CancellationToken cancellationToken) => AskAsync(id, reason, cancellationToken, sweep => sweep.State switch
    {
        SweepState.Queued or SweepState.Paused => new Move(SweepState.Cancelled),
        SweepState.Running => new Ask(SweepRequest.Cancel),
        SweepState.Cancelled => new Done(),
        _ => new Refuse("only a sweep that has not ended can be cancelled"),
    });

    /// <summary>Starts no further trial of the sweep; those that run end first.</summary>
    public Task<ControlAnswer> PauseAsync(SweepId id, string reason, CancellationToken cancellationToken) => AskAsync(id, reason, cancellationToken, sweep => sweep switch
    {
        { State: SweepState.Queued } => new Move(SweepState.Paused),
        { State: SweepState.Running, Request: SweepRequest.Cancel } => new Refuse("it is being cancelled"),
        { State: SweepState.Running } => new Ask(SweepRequest.Pause),
        { State: SweepState.Paused } => new Done(),
        _ => new Refuse("only a sweep that is queued or runs can be paused"),
    });

    /// <summary>Lets a paused sweep go on.</summary>
    public Task<ControlAnswer> ResumeAsync(SweepId id, string reason, CancellationToken cancellationToken) => AskAsync(id, reason, cancellationToken, sweep => sweep switch
    {
        { State: SweepState.Paused } => new Move(SweepState.Queued),
        { State: SweepState.Running, Request: SweepRequest.Pause } => new Ask(null),
        { State: SweepState.Queued or SweepState.Running, Request: null } => new Done(),
        _ => new Refuse("only a paused sweep can be resumed"),
    });

    /// <summary>Removes the sweep and its trials from the store.</summary>
    public async Task<ControlAnswer> DeleteAsync(SweepId id, CancellationToken cancellationToken)
    {
        if (await store.DeleteSweepAsync(id, cancellationToken))
        {
            return new ControlAnswer(ControlResult.Done, null, $"Sweep {id} was deleted.");
        }

        return await store.FindSweepAsync(id, cancellationToken) is { } sweep
            ? new ControlAnswer(ControlResult.Refused, sweep, $"Sweep {id} is {sweep.State}: only a sweep that has ended or is paused can be deleted. Cancel it first.")
            : Unknown(id);
    }

    private async Task<ControlAnswer> AskAsync(SweepId id, string reason, CancellationToken cancellationToken, Func<StoredSweep, Step> decide)
    {
        // Each turn is lost only to somebody else's change, which is then looked at.
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await store.FindSweepAsync(id, cancellationToken) is not { } sweep)
            {
                return Unknown(id);
            }

            switch (decide(sweep))
            {
                case Refuse refuse:
                    return new ControlAnswer(ControlResult.Refused, sweep, $"Sweep {id} is {sweep.State}: {refuse.Why}.");
                case Done:
                    return new ControlAnswer(ControlResult.Done, sweep, $"Sweep {id} is {sweep.State} already.");
                case Move move when await store.ChangeSweepAsync(id, sweep.State, move.To, reason, cancellationToken):
                    bus.Publish(new SweepEvent.StateChanged(id, move.To, reason));
                    return new ControlAnswer(ControlResult.Done, await store.FindSweepAsync(id, cancellationToken), $"Sweep {id} is {move.To}.");
                case Ask ask when await store.RequestAsync(id, ask.Request, reason, cancellationToken):
                    return new ControlAnswer(ControlResult.Accepted, await store.FindSweepAsync(id, cancellationToken), $"Sweep {id} was asked to {ask.Request?.ToString().ToLowerInvariant() ?? "go on"}.");
            }
        }

        return new ControlAnswer(ControlResult.Refused, await store.FindSweepAsync(id, cancellationToken), $"Sweep {id} keeps changing. Try again.");
    }

    private static ControlAnswer Unknown(SweepId id) => new(ControlResult.Unknown, null, $"There is no sweep {id}.");

    private abstract record Step;

    private sealed record Move(SweepState To) : Step;

    private sealed record Ask(SweepRequest? Request) : Step;

    private sealed record Done : Step;

    private sealed record Refuse(string Why) : Step;
}

/// <summary>What became of a request, in words for the user, with the sweep as it is now.</summary>
public sealed record ControlAnswer(ControlResult Result, StoredSweep? Sweep, string Text);

/// <summary>How a request was received.</summary>
public enum ControlResult
{
    /// <summary>It is so now.</summary>
    Done,

    /// <summary>It is stored, and the node that runs the sweep will do it.</summary>
    Accepted,

    /// <summary>The sweep's state does not allow it.</summary>
    Refused,

    /// <summary>There is no such sweep.</summary>
    Unknown,
}
