using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>Takes in validated sweeps: stores them as queued, under an id of their own, once for each idempotency key.</summary>
public sealed class SweepIntake(ISweepStore store, ProgressBus bus, TimeProvider time)
{
    private const int PlainIds = 9;

    /// <exception cref="InvalidOperationException">The reading is not valid.</exception>
    public async Task<IntakeAnswer> AddAsync(SweepReading reading, IntakeOptions options, CancellationToken cancellationToken)
    {
        if (!reading.IsValid)
        {
            throw new InvalidOperationException($"{reading.File} has errors and cannot be stored.");
        }

        var (sweep, submission) = (reading.Sweep, reading.Submission.ToJson());
        for (var attempt = 1; ; attempt++)
        {
            if (options.IdempotencyKey is { } key && await store.FindByIdempotencyKeyAsync(options.Project, key, cancellationToken) is { } before)
            {
                return new IntakeAnswer(before, IsNew: false, Conflict: !string.Equals(before.Fingerprint, FingerprintOf(sweep, options), StringComparison.Ordinal));
            }

            var stored = Describe(sweep, options, attempt);
            if (await store.AddSweepAsync(stored, submission, cancellationToken))
            {
                bus.Publish(new SweepEvent.StateChanged(stored.Id, stored.State, stored.Reason));
                return new IntakeAnswer(stored, IsNew: true, Conflict: false);
            }
        }
    }

    /// <summary>Whether an accepted configuration is still what it was is another question than the search for one.</summary>
    public static string FingerprintOf(Sweep sweep, IntakeOptions options) => options.Gate is { } accepted ? $"gate {accepted.Key} {sweep.Fingerprint}" : sweep.Fingerprint;

    private StoredSweep Describe(Sweep sweep, IntakeOptions options, int attempt)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        var suffix = attempt == 1 ? "" : attempt <= PlainIds ? string.Create(CultureInfo.InvariantCulture, $"-{attempt}") : $"-{Guid.NewGuid():N}"[..9];
        return new StoredSweep
        {
            Id = new SweepId(string.Create(CultureInfo.InvariantCulture, $"{sweep.Name}-{now:yyyyMMdd-HHmmss}{suffix}")),
            Name = sweep.Name,
            Project = options.Project,
            Labels = sweep.Labels.SetItems(options.Labels),
            IdempotencyKey = options.IdempotencyKey,
            Gate = options.Gate is { } accepted ? CandidateText.Write(accepted) : null,
            Fingerprint = FingerprintOf(sweep, options),
            State = SweepState.Queued,
            Reason = options.Reason,
            CreatedAt = now,
            ChangedAt = now,
            SeenAt = now,
        };
    }
}

/// <summary>Whose a submission is, and what it is marked with.</summary>
public sealed record IntakeOptions
{
    public string Project { get; init; } = StoredSweep.DefaultProject;

    /// <summary>Labels beside those of the definition; they win.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string? IdempotencyKey { get; init; }

    public string Reason { get; init; } = "submitted";

    /// <summary>The accepted candidate, where the sweep is only to tell whether it is still what it was.</summary>
    public Candidate? Gate { get; init; }
}

/// <summary>The stored sweep.</summary>
/// <param name="IsNew">False where the idempotency key was seen before: this is the sweep of that time.</param>
/// <param name="Conflict">The key was seen before with another question.</param>
public sealed record IntakeAnswer(StoredSweep Sweep, bool IsNew, bool Conflict);
