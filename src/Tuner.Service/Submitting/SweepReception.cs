using System.Collections.Immutable;
using System.Text;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Storage;

namespace Tuner.Service.Submitting;

/// <summary>From a submission to a stored sweep: read, admit, store once.</summary>
public sealed class SweepReception(ISweepStore store, SweepIntake intake, PriceBookStore books, TargetTemplateStore templates, ShippedPrices shipped, IAdmission admission, MachineCapacity machine)
{
    /// <summary>What the submission would do; stores nothing.</summary>
    public async Task<SubmissionOutcome> PlanAsync(SubmittedSweep submitted, string project, CancellationToken cancellationToken)
    {
        var reading = await ReadAsync(submitted, project, cancellationToken);
        return reading.IsValid
            ? new SubmissionOutcome.Planned(reading.Sweep, RenderedPreview.Of(reading.Sweep, machine), [.. reading.Warnings])
            : new SubmissionOutcome.Refused(submitted.FileName, reading.Problems);
    }

    /// <param name="key">The same one again brings the same sweep; null for none.</param>
    public async Task<SubmissionOutcome> SubmitAsync(SubmittedSweep submitted, string project, string? key, CancellationToken cancellationToken)
    {
        if (key is not null && await store.FindByIdempotencyKeyAsync(project, key, cancellationToken) is { } earlier)
        {
            return await AgainAsync(earlier, submitted, cancellationToken);
        }

        var reading = await AdmitAsync(submitted, project, cancellationToken);
        if (!reading.IsValid)
        {
            return new SubmissionOutcome.Refused(submitted.FileName, reading.Problems);
        }

        var answer = await intake.AddAsync(reading, new IntakeOptions { Project = project, IdempotencyKey = key }, cancellationToken);
        return answer.IsNew ? new SubmissionOutcome.Accepted(answer.Sweep) : await AgainAsync(answer.Sweep, submitted, cancellationToken);
    }

    /// <summary>The submission as it would be stored, or every reason why it would not; stores nothing.</summary>
    public async Task<SweepReading> AdmitAsync(SubmittedSweep submitted, string project, CancellationToken cancellationToken)
    {
        var reading = await ReadAsync(submitted, project, cancellationToken);
        return reading.IsValid && RenderedPreview.Of(reading.Sweep, machine).Impossible is { } impossible
            ? reading with { Sweep = null, Submission = null, Problems = [.. reading.Problems, new DefinitionProblem(ProblemSeverity.Error, reading.Sweep.Target is Target.Argo ? "target.argo" : "parameters", 0, 0, impossible)] }
            : reading;
    }

    private async Task<SweepReading> ReadAsync(SubmittedSweep submitted, string project, CancellationToken cancellationToken)
    {
        // A price book that the operator put into the service counts where none of that name came along.
        var files = submitted.Files;
        foreach (var (name, content) in await books.ListAsync(cancellationToken))
        {
            files = files.ContainsKey(name) ? files : files.Add(name, Encoding.UTF8.GetBytes(content));
        }

        return await admission.ReadAsync(submitted with { Files = await WithTargetAsync(submitted, files, cancellationToken) }, project, shipped, cancellationToken);
    }

    /// <summary>With the registered target that the definition names; what a client sent in its place does not count.</summary>
    private async Task<ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>> WithTargetAsync(
        SubmittedSweep submitted, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files, CancellationToken cancellationToken)
    {
        if (SweepYaml.Read(submitted.Definition, submitted.FileName).Definition is not { } definition || NamedTarget.Find(definition.Root) is not { } named)
        {
            return files;
        }

        files = files.RemoveRange(files.Keys.Where(name => name.StartsWith(NamedTarget.Folder, StringComparison.Ordinal)));
        var registered = (await templates.ListAsync(cancellationToken)).FirstOrDefault(template => string.Equals(template.Name, named.Text, StringComparison.Ordinal));
        return registered is null ? files : files.SetItems(NamedTarget.FilesOf(registered.Name, registered.Submission));
    }

    private async Task<SubmissionOutcome> AgainAsync(StoredSweep earlier, SubmittedSweep submitted, CancellationToken cancellationToken)
    {
        var json = await store.SubmissionAsync(earlier.Id, cancellationToken);
        return json is not null && IsSame(SweepSubmission.FromJson(json), submitted) ? new SubmissionOutcome.Known(earlier) : new SubmissionOutcome.KeyTaken(earlier);
    }

    // Of the files, only those that the definition named were stored; another one makes no other submission.
    private static bool IsSame(SweepSubmission stored, SubmittedSweep submitted) =>
        string.Equals(stored.Definition, submitted.Definition, StringComparison.Ordinal)
        && submitted.Files.All(file => !stored.Files.TryGetValue(file.Key, out var content) || content.Span.SequenceEqual(file.Value.Span));
}
