using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>What was found out about one trial's candidate while its Workflow ran: what ended it, and the end of a log.</summary>
internal sealed class CandidateWatch(ClusterSession session, string place, WorkflowObject workflow, ITrialObserver observer, ArgoOptions options)
{
    private readonly TimeProvider time = options.Time;
    private IReadOnlyDictionary<string, long>? restartsBefore;
    private readonly Dictionary<string, string> waiting = new(StringComparer.Ordinal);
    private long? problemSince;
    private bool stopped;

    /// <summary>How the trial ends because of its candidate's pods; null while they give no reason to.</summary>
    public TrialState? Diagnosed { get; private set; }

    public string LogTail { get; private set; } = "";

    /// <summary>Why a step has not begun, in Argo's words; null once it has.</summary>
    public string? Waiting(WorkflowNode? step) => step is null ? null : waiting.GetValueOrDefault(step.Id);

    /// <summary>Ends the Workflow early where its candidate is beyond help, and keeps what the pods still tell.</summary>
    public async Task LookAsync(TrialSight sight, CancellationToken cancellationToken)
    {
        if (sight.UnderLoad)
        {
            restartsBefore ??= PodDiagnosis.Restarts(sight.Candidate);
        }

        var status = sight.Workflow!;
        Remember(status);
        var finding = PodDiagnosis.Of(sight.Candidate, sight.UnderLoad ? restartsBefore : null, options.HealingPatience) ?? StepDiagnosis.Of([.. sight.Steps], status, options.HealingPatience);
        if (Diagnosed is null && LogTail.Length == 0 && (finding is not null || status.Culprit is not null))
        {
            await KeepLogAsync(sight, finding, cancellationToken);
        }

        if (finding is null)
        {
            problemSince = null;
            return;
        }

        problemSince ??= time.GetTimestamp();
        if (Diagnosed is null && (status.HasEnded || time.GetElapsedTime(problemSince.Value) >= finding.Patience) && status.Phase is not "Succeeded")
        {
            Diagnosed = finding.End;
        }

        if (Diagnosed is not null && !stopped && !status.HasEnded)
        {
            await StopAsync(Diagnosed, cancellationToken);
        }
    }

    private void Remember(WorkflowStatus status)
    {
        foreach (var node in status.Nodes.Where(node => node.Type is "Pod"))
        {
            if (node.Phase is "Pending" && node.Message.Length > 0)
            {
                waiting[node.Id] = node.Message;
            }
            else if (node.Phase is "Running" or "Succeeded")
            {
                waiting.Remove(node.Id);
            }
        }
    }

    /// <summary>Where the API server is away, the next look tries again.</summary>
    private async Task StopAsync(TrialState why, CancellationToken cancellationToken)
    {
        observer.Progress(new TrialProgress(why switch
        {
            TrialState.Invalid => "stopping the workflow: a step of it cannot begin",
            TrialState.Interrupted => "stopping the workflow: a part of it was taken away",
            _ => "stopping the workflow: its candidate failed",
        }));
        try
        {
            await workflow.StopAsync(TrialVerdict.Reason(why), cancellationToken);
            stopped = true;
        }
        catch (Exception exception) when (ClusterTrouble.Is(exception))
        {
            observer.Progress(new TrialProgress($"the workflow could not be stopped: {exception.Message}"));
        }
    }

    private async Task KeepLogAsync(TrialSight sight, PodDiagnosis? finding, CancellationToken cancellationToken)
    {
        if (finding?.Pod is { } pod)
        {
            LogTail = await session.LogTailAsync(place, pod, finding.Container, finding.Previous, cancellationToken);
            if (LogTail.Length > 0)
            {
                return;
            }
        }

        // The failed step's own pod, then the candidate's: whichever has something to say.
        var culprit = sight.Workflow!.Culprit;
        var stepPod = sight.Pods.FirstOrDefault(item => culprit is not null && item.Text("metadata", "annotations", "workflows.argoproj.io/node-id") == culprit.Id);
        var candidate = sight.Candidate.FirstOrDefault();
        var order = culprit?.Name.StartsWith(TrialWorkflow.LoadStep, StringComparison.Ordinal) is true ? new[] { (stepPod, "main"), (candidate, null) } : [(candidate, (string?)null), (stepPod, "main")];
        foreach (var (item, container) in order)
        {
            if (LogTail.Length == 0 && item.Text("metadata", "name") is { } name)
            {
                LogTail = await session.LogTailAsync(place, name, container ?? item.Objects("spec", "containers").FirstOrDefault().Text("name"), previous: false, cancellationToken);
            }
        }
    }
}
