using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Gate;
using Tuner.Service.Storage;

namespace Tuner.Cli;

/// <summary>Decides whether a run goes on with a stored sweep or starts a new one, and says which and why.</summary>
internal sealed class SweepChoice(ISweepStore store, SweepIntake intake, GateStore gate)
{
    /// <summary>The sweep to work on, or none with the reason in the message.</summary>
    public async Task<(StoredSweep? Sweep, string Message)> ChooseAsync(SweepReading reading, SweepRunOptions options, CancellationToken cancellationToken)
    {
        var sweep = reading.Sweep!;
        if (options.Resume is { } id)
        {
            return await ResumeAsync(new SweepId(id), sweep, cancellationToken);
        }

        var asked = new IntakeOptions { Gate = options.Gate ? (await gate.AcceptedAsync(StoredSweep.DefaultProject, sweep.Name, cancellationToken))?.Candidate : null };
        var same = await store.FindByFingerprintAsync(SweepIntake.FingerprintOf(sweep, asked), cancellationToken);
        if (same is { HasEnded: false } && !options.StartNew)
        {
            return (same, $"Going on with sweep {same.Id}: its definition, bodies and prices are unchanged (--new starts another).");
        }

        var why = asked.Gate is { } accepted ? $"which compares {accepted} with earlier nights"
            : options.StartNew ? "as --new asks"
            : same is not null ? $"since {same.Id}, which asked the same, has {same.State.ToString().ToLowerInvariant()}"
            : await UnfinishedAsync(sweep, cancellationToken) is { } changed ? $"since the definition, a body or a price has changed since {changed.Id} (--resume {changed.Id} goes on with that one)"
            : "the first that asks this question";
        var stored = (await intake.AddAsync(reading, asked, cancellationToken)).Sweep;
        return (stored, $"Starting sweep {stored.Id}, {why}.");
    }

    private async Task<(StoredSweep? Sweep, string Message)> ResumeAsync(SweepId id, Sweep sweep, CancellationToken cancellationToken)
    {
        var stored = await store.FindSweepAsync(id, cancellationToken);
        return stored switch
        {
            null => (null, $"--resume {id}: there is no such sweep here. Known: {await KnownAsync(cancellationToken)}."),
            { HasEnded: true } => (null, $"--resume {id}: that sweep has {stored.State.ToString().ToLowerInvariant()}. Start another with --new."),
            _ when !string.Equals(stored.Fingerprint, sweep.Fingerprint, StringComparison.Ordinal) =>
                (stored, $"Going on with sweep {id} as it was stored; the file has changed since, and the change does not count."),
            _ => (stored, $"Going on with sweep {id}."),
        };
    }

    private async Task<string> KnownAsync(CancellationToken cancellationToken)
    {
        var page = await store.ListSweepsAsync(new SweepQuery { Limit = 5 }, cancellationToken);
        var ids = page.Sweeps.Select(sweep => sweep.Id.Value).ToList();
        return ids.Count == 0 ? "none" : string.Join(", ", ids);
    }

    private async Task<StoredSweep?> UnfinishedAsync(Sweep sweep, CancellationToken cancellationToken) =>
        (await store.ListSweepsAsync(
            new SweepQuery { Name = sweep.Name, States = [SweepState.Queued, SweepState.Running, SweepState.Paused], Limit = 1 },
            cancellationToken)).Sweeps.FirstOrDefault();
}
