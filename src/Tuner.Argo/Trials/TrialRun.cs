using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Argo.Artifacts;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>One trial from its Workflow's creation, or from where an earlier process left it, to its removal.</summary>
internal sealed class TrialRun(ClusterSession session, ArgoOptions options, Sweep sweep, Trial trial, ITrialObserver observer)
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan AfterDeadline = TimeSpan.FromMinutes(3);
    private readonly Target.Argo target = (Target.Argo)sweep.Target;
    private readonly TrialNames names = TrialNames.Of(trial.Id);
    private readonly TimeProvider time = options.Time;
    private readonly WorkflowObject workflow = new(session.Api, ((Target.Argo)sweep.Target).Namespace, TrialNames.Of(trial.Id).Workflow, options.Time);
    private readonly CandidateWatch candidate = new(session, ((Target.Argo)sweep.Target).Namespace, new WorkflowObject(session.Api, ((Target.Argo)sweep.Target).Namespace, TrialNames.Of(trial.Id).Workflow, options.Time), observer, options);
    private string step = "";
    private bool told;

    public async Task<TrialState> RunAsync(CancellationToken cancellationToken)
    {
        var slot = target.Source is ArgoSource.Existing { InPlace: true } ? new InPlaceSlot(session, options, target, trial, names) : null;
        await using var watch = new TrialWatch(session.Watches(target.Namespace), names.Workflow, time);
        TrialState state;
        try
        {
            state = await BeginAsync(watch, slot, cancellationToken) ?? await FollowAsync(watch, cancellationToken);
        }
        catch (OperationCanceledException) when (observer.Leaving.IsCancellationRequested)
        {
            observer.Progress(new TrialProgress("leaving the workflow to whoever takes the sweep"));
            return trial.State;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            state = new TrialState.Interrupted("Tuner was stopped while the trial ran.");
            await StopAsync(watch);
        }

        observer.Progress(new TrialProgress("removing the candidate"));
        var removed = await workflow.RemoveAsync(options, session.Source);
        var restored = slot is null ? null : await slot.ReleaseAsync(CancellationToken.None);
        return (removed ?? restored) is { } problem ? WithNote(state, problem) : state;
    }

    /// <summary>Finds the trial's Workflow, or creates it; a state where the trial ends before it began.</summary>
    private async Task<TrialState?> BeginAsync(TrialWatch watch, InPlaceSlot? slot, CancellationToken cancellationToken)
    {
        var attempts = new Patience(options.OutagePatience, time);
        while (true)
        {
            try
            {
                if (await workflow.FindAsync(cancellationToken) is { } found)
                {
                    return await AdoptAsync(watch, found, cancellationToken);
                }

                observer.Progress(new TrialProgress("creating the workflow"));
                if (slot is not null)
                {
                    await slot.TakeAsync(text => observer.Progress(new TrialProgress(text)), cancellationToken);
                }

                var rendered = await RenderAsync(cancellationToken);
                await CheckKindsAsync(rendered, cancellationToken);
                if (slot is not null)
                {
                    await slot.RememberAsync(rendered.Change!, cancellationToken);
                }

                var created = await workflow.CreateAsync(rendered.Manifest, cancellationToken);
                watch.Written(created);
                await workflow.CreateSecretAsync(rendered.Secret, created, cancellationToken);
                return null;
            }
            catch (RenderingException exception)
            {
                return new TrialState.Invalid(exception.Message, null);
            }
            catch (ClusterAccessException exception)
            {
                return new TrialState.Invalid(exception.Message, null);
            }
            catch (KubernetesException exception) when (exception.IsConflict)
            {
                // Created in the meantime, by us before a crash or by another node: found in the next round.
            }
            catch (KubernetesException exception) when (!exception.IsPassing)
            {
                return ClusterWords.Refused(exception, session.Source, target.Namespace);
            }
            catch (Exception exception) when (ClusterTrouble.Is(exception))
            {
                observer.Progress(new TrialProgress($"the API server cannot be reached: {exception.Message}"));
                if (!await attempts.PauseAsync(cancellationToken))
                {
                    return new TrialState.Interrupted($"The API server could not be reached for {attempts.Limit.TotalMinutes:0} min: {exception.Message}");
                }
            }
        }
    }

    private async Task<TrialState?> AdoptAsync(TrialWatch watch, JsonObject found, CancellationToken cancellationToken)
    {
        if (found.Text("metadata", "labels", TunerLabels.Owner) != options.Owner || found.Text("metadata", "annotations", TunerLabels.TrialId) != trial.Id.Value)
        {
            return new TrialState.Invalid($"Workflow '{names.Workflow}' in namespace '{target.Namespace}' belongs to somebody else (owner '{found.Text("metadata", "labels", TunerLabels.Owner)}'). Delete it, or use another namespace.", null);
        }

        observer.Progress(new TrialProgress("found its workflow running"));
        watch.Written(found);
        if (found.Text("metadata", "annotations", TunerLabels.HasSecret) is "true")
        {
            // Whoever created the Workflow may not have come this far.
            await workflow.CreateSecretAsync((await RenderAsync(cancellationToken)).Secret, found, cancellationToken);
        }

        return null;
    }

    private async Task<TrialWorkflow> RenderAsync(CancellationToken cancellationToken)
    {
        if (target.Artifact && session.Kept is null)
        {
            throw new RenderingException($"target.argo.artifact needs Argo's own server, which Tuner fetches artifacts from. Name it in {ArgoServerAccess.ServerVariable}, and a token in the file of {ArgoServerAccess.TokenVariable}, where Tuner runs.");
        }

        if (target.Source is not ArgoSource.Existing source)
        {
            return TrialWorkflow.Of(sweep, trial, options.Owner);
        }

        try
        {
            var existing = await session.ExistingAsync(source.ApiVersion, source.Kind, target.Namespace, source.Name, cancellationToken);
            return TrialWorkflow.Of(sweep, trial, options.Owner, existing);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            throw new RenderingException($"{source.Kind} '{source.Name}' does not exist in namespace '{target.Namespace}'. Correct target.argo.existing.");
        }
    }

    /// <summary>An owner reference does not reach objects outside of the namespace, also where nobody could know before.</summary>
    private async Task CheckKindsAsync(TrialWorkflow rendered, CancellationToken cancellationToken)
    {
        foreach (var item in rendered.Objects)
        {
            await session.Discovery.PathAsync(item.Text("apiVersion")!, item.Text("kind")!, target.Namespace, item.Text("metadata", "name")!, cancellationToken);
        }
    }

    private async Task<TrialState> FollowAsync(TrialWatch watch, CancellationToken cancellationToken)
    {
        var begun = time.GetUtcNow();
        await foreach (var sight in watch.SightsAsync(cancellationToken))
        {
            if (sight.Trouble is { } trouble && Given(trouble) is { } lost)
            {
                return lost;
            }

            if (sight.Gone)
            {
                return candidate.Diagnosed ?? new TrialState.Interrupted("The workflow was deleted while the trial ran.");
            }

            if (sight.Workflow is not { } status)
            {
                continue;
            }

            await TellAsync(status, cancellationToken);
            await candidate.LookAsync(sight, cancellationToken);
            if (status.HasEnded)
            {
                return await ConcludeAsync(sight, status, cancellationToken);
            }

            var age = time.GetUtcNow() - (status.CreatedAt is { } created && created < begun ? created : begun);
            if (status.Phase is null && age > options.ControllerPatience)
            {
                return new TrialState.Invalid($"No Argo controller took up workflow '{names.Workflow}' within {options.ControllerPatience.TotalSeconds:0} s. Check that one works on namespace '{target.Namespace}'{(target.InstanceId is { } id ? $" with the instance ID '{id}'" : "; where controllers have instance IDs, name one in target.argo.instanceId")}.", null);
            }

            if (status is { Phase: "Pending", StartedAt: null })
            {
                // A Workflow that waits for its turn has begun nothing, its deadline neither.
                if (age > options.QueuePatience)
                {
                    return new TrialState.Invalid($"The Argo controller let workflow '{names.Workflow}' wait for {options.QueuePatience.TotalMinutes:0} min: {status.Message}. Raise its limit (parallelism, namespaceParallelism, synchronization), or lower budget.parallel.", null);
                }
            }
            else if (age - ((status.StartedAt - status.CreatedAt) ?? TimeSpan.Zero) > TrialWorkflow.Deadline(sweep, target) + AfterDeadline)
            {
                return new TrialState.Interrupted($"The workflow did not end within its deadline of {TrialWorkflow.Deadline(sweep, target).TotalSeconds:0} s, and no controller ended it{(status.IsSuspended ? $": it is suspended ('argo resume {names.Workflow}' lets it go on)" : "")}.");
            }
        }

        throw new InvalidOperationException("The watch ended by itself.");
    }

    private TrialState? Given(ResourceEvent.Trouble trouble)
    {
        observer.Progress(new TrialProgress(trouble.Denied ? trouble.Reason : $"the API server cannot be reached: {trouble.Reason}"));
        return trouble.Denied && trouble.Since > options.DeniedPatience
            ? new TrialState.Interrupted(trouble.Unknown
                ? $"The API server does not accept the credentials of {session.Source} any more: {trouble.Reason}. {ClusterWords.Renew(session.Source)}"
                : $"{trouble.Reason}. {ClusterWords.Cure(session.Source)}")
            : trouble.Since > options.OutagePatience
                ? new TrialState.Interrupted($"The API server could not be reached for {options.OutagePatience.TotalMinutes:0} min: {trouble.Reason}")
                : null;
    }

    private async Task TellAsync(WorkflowStatus status, CancellationToken cancellationToken)
    {
        var now = status.Nodes.Where(node => node.Type is "Pod" && node.Phase is "Pending" or "Running").OrderBy(node => node.StartedAt).LastOrDefault();
        var text = now is null ? Idle(status) : $"step {now.Name}{(now.Message.Length > 0 ? $": {now.Message}" : "")}";
        if (text.Length > 0 && text != step)
        {
            step = text;
            observer.Progress(new TrialProgress(text));
        }

        if (!told && trial.State is not TrialState.Measuring && status.Pods(TrialWorkflow.LoadStep).Any())
        {
            told = true;
            await observer.MeasuringAsync(cancellationToken);
        }
    }

    private string Idle(WorkflowStatus status) => status switch
    {
        { Phase: null } => "waiting for the Argo controller",
        { Phase: "Pending" } => $"waiting for its turn: {status.Message}",
        { IsSuspended: true, HasEnded: false } => $"the workflow is suspended ('argo resume {names.Workflow}' lets it go on)",
        _ => "",
    };

    private async Task<TrialState> ConcludeAsync(TrialSight sight, WorkflowStatus status, CancellationToken cancellationToken)
    {
        var seen = new TrialVerdict.Seen(
            candidate.Diagnosed,
            PodDiagnosis.Unschedulable(sight.Pods),
            status.Phase is "Succeeded" ? ImmutableArray<ClusterEvent>.Empty : await session.WarningsAsync(target.Namespace, names, cancellationToken),
            candidate.LogTail)
        {
            Waiting = candidate.Waiting(status.Culprit),
            Kept = target.Artifact && session.Kept is { } artifacts ? await artifacts.OfAsync(status, target.Namespace, names.Workflow, text => observer.Progress(new TrialProgress(text)), cancellationToken) : ImmutableDictionary<string, KeptMeasurement>.Empty,
        };
        return TrialVerdict.Of(status, seen);
    }

    /// <summary>Lets the Workflow take its candidate away by itself, for a while; removing it does the rest.</summary>
    private async Task StopAsync(TrialWatch watch)
    {
        using var patience = new CancellationTokenSource(StopPatience, time);
        try
        {
            await workflow.StopAsync("Tuner was stopped while the trial ran", patience.Token);
            await foreach (var sight in watch.SightsAsync(patience.Token))
            {
                if (sight.Gone || sight.Workflow is null or { HasEnded: true } or { Phase: null })
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (ClusterTrouble.Is(exception) || exception is OperationCanceledException)
        {
            // It is deleted next, which takes the candidate away as well.
        }
    }

    private static TrialState WithNote(TrialState state, string problem) => state switch
    {
        TrialState.Measured measured => new TrialState.Invalid(problem, measured.Measurement),
        TrialState.Invalid invalid => invalid with { Reason = $"{invalid.Reason} {problem}" },
        TrialState.CandidateFailed failed => failed with { Reason = $"{failed.Reason} {problem}" },
        TrialState.Interrupted interrupted => interrupted with { Cause = $"{interrupted.Cause} {problem}" },
        TrialState.Cancelled cancelled => new TrialState.Cancelled($"{cancelled.Reason} {problem}"),
        _ => state,
    };
}
