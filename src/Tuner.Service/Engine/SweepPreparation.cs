using System.Text.Json;
using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.Local;
using Tuner.Service.Definitions;
using Tuner.Service.Gate;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Service.Engine;

/// <summary>Makes a sweep from what is stored of it, limited to what this machine can hold.</summary>
public sealed class SweepPreparation(ISweepStore store, SweepEngineOptions options, GatePlan gate, IStoredAdmission admission)
{
    private readonly MachineCapacity capacity = CapacityOf(options.Local.Machine);

    public static MachineCapacity CapacityOf(Machine machine) =>
        new(machine.Cores.Length, machine.GeneratorCores.Length, machine.MemoryBytes) { Enforcement = machine.Enforcement };

    /// <summary>Why the sweep may not run here under the rules of now; null where it may.</summary>
    public async Task<string?> RefusalAsync(StoredSweep stored, CancellationToken cancellationToken)
    {
        SweepSubmission submission;
        try
        {
            submission = SweepSubmission.FromJson(await store.SubmissionAsync(stored.Id, cancellationToken) ?? "");
        }
        catch (JsonException)
        {
            // Told when it is prepared.
            return null;
        }

        var refusals = await admission.RefusalsAsync(submission, stored.Project, cancellationToken);
        return refusals.IsEmpty ? null : $"This service's present rules do not allow it: {string.Join(" ", refusals.Select(refusal => refusal.Describe(submission.FileName)))} Once they do, resume it.{OwnWay(submission)}";
    }

    /// <summary>What <c>tuner run</c> left unfinished in the folder that is served now needs no service.</summary>
    private static string OwnWay(SweepSubmission submission) => Path.Combine(submission.BaseDirectory, submission.FileName) is var file && File.Exists(file)
        ? $" Or go on with it without the service: tuner run {file}."
        : "";

    /// <summary>The sweep, or why it cannot be worked on.</summary>
    public async Task<(Sweep? Sweep, string Problem)> PrepareAsync(StoredSweep stored, CancellationToken cancellationToken)
    {
        var submission = await store.SubmissionAsync(stored.Id, cancellationToken) ?? "";
        SweepReading reading;
        try
        {
            reading = SweepFile.Rebuild(SweepSubmission.FromJson(submission));
        }
        catch (JsonException exception)
        {
            return (null, $"What is stored of the sweep cannot be read: {exception.Message} Submit it again.");
        }

        if (reading.Sweep is not { } sweep)
        {
            return (null, "The definition is not valid for this version of Tuner: " + string.Join(" ", reading.Errors.Select(error => error.Describe(reading.File))));
        }

        if (stored.Gate is { } accepted)
        {
            sweep = GateSweep.Of(sweep, CandidateText.Read(accepted), gate);
        }

        return RenderedPreview.Of(sweep, capacity).Impossible is { } impossible ? (null, impossible) : (LocalFit.Restrict(sweep, capacity), "");
    }
}
