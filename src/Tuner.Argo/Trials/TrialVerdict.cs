using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tuner.Argo.Artifacts;
using Tuner.Argo.Pods;
using Tuner.Argo.Rendering;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>From the end of a Workflow, and what was seen of the candidate, to the end of the trial. Pure.</summary>
internal static partial class TrialVerdict
{
    private const string Admitted = "Change the manifest so that the namespace's rules let its pods in, or have the rules changed.";

    /// <summary>What was seen besides the Workflow itself.</summary>
    /// <param name="Diagnosed">What was found wrong with the candidate's pods, for which the Workflow was stopped.</param>
    /// <param name="Unschedulable">Why a pod has no node.</param>
    /// <param name="Events">Warnings of the trial's objects, oldest first.</param>
    internal sealed record Seen(TrialState? Diagnosed, string? Unschedulable, ImmutableArray<ClusterEvent> Events, string LogTail)
    {
        /// <summary>Why the failed step had not begun, in Argo's words; null where it had.</summary>
        public string? Waiting { get; init; }

        /// <summary>Whole measurements by the node of their load pod, or why they could not be had; empty where parameters carry them.</summary>
        public ImmutableDictionary<string, KeptMeasurement> Kept { get; init; } = ImmutableDictionary<string, KeptMeasurement>.Empty;

        public string? Quota => Events.FirstOrDefault(item => IsQuota(item.Message))?.Message;

        /// <summary>Why no pod is let in, in the API server's words; a StatefulSet says so in its events alone.</summary>
        public string? NotCreated => Events.LastOrDefault(item => item.Reason is "FailedCreate" && item.Message.Contains("is forbidden", StringComparison.Ordinal))?.Message;

        public string Log => string.Join('\n', new[] { LogTail.TrimEnd() }.Concat(Events.TakeLast(20).Select(item => $"event: {item.Reason} {item.Object}: {item.Message}")).Where(line => line.Length > 0));
    }

    public static TrialState Of(WorkflowStatus status, Seen seen) => seen.Diagnosed switch
    {
        TrialState.CandidateFailed failed => failed with { LogTail = seen.Log },
        { } diagnosed => diagnosed,
        null when status.IsOffloaded => new TrialState.Invalid("Argo keeps the steps of this workflow in its database (offloaded node status), where Tuner cannot read the measurement. Unset ALWAYS_OFFLOAD_NODE_STATUS at the controller; where only long loads are offloaded, shorten the load.", null),
        null when status.Phase is "Succeeded" => Measured(status, seen),
        null when status.StoppedBecause is { } why => new TrialState.Interrupted($"Tuner had stopped the workflow before: {why}"),
        null when status.Shutdown is not null || StoppedWords().IsMatch(status.Message) =>
            new TrialState.Cancelled($"The workflow was stopped by hand ({(status.Message.Length > 0 ? status.Message : $"shutdown: {status.Shutdown}")})."),
        _ => Failed(status, seen),
    };

    private static TrialState Measured(WorkflowStatus status, Seen seen)
    {
        var measurements = new List<Measurement>();
        foreach (var pod in status.Pods(TrialWorkflow.LoadStep).Where(pod => pod.Phase is "Succeeded"))
        {
            var kept = seen.Kept.GetValueOrDefault(pod.Id);
            if (kept?.Measurement is { } whole)
            {
                measurements.Add(whole);
                continue;
            }

            var text = string.Concat(TrialWorkflow.MeasurementParameters.Select(name => pod.Outputs.GetValueOrDefault(name)).TakeWhile(piece => piece is { Length: > 1 }));
            if (text.Length == 0)
            {
                return new TrialState.Invalid($"The load step '{pod.Name}' ended without a measurement.", null);
            }

            if (text is MeasurementPack.InArtifact)
            {
                return new TrialState.Invalid($"The measurement of '{pod.Name}' is longer than output parameters carry, and its artifact could not be had. {kept?.Problem ?? $"No Argo Server is named ({ArgoServerAccess.ServerVariable})."}", null);
            }

            try
            {
                var read = MeasurementPack.FromText(text);
                measurements.Add(kept?.Problem is { } problem ? read with { Notes = read.Notes.Add($"read from output parameters, since the artifact could not be had: {problem}") } : read);
            }
            catch (FormatException exception)
            {
                return new TrialState.Invalid($"The measurement of '{pod.Name}' cannot be read. {exception.Message}", null);
            }
        }

        if (measurements.Count == 0)
        {
            return new TrialState.Invalid("The workflow succeeded without a load step.", null);
        }

        var measurement = Balanced(measurements.Count == 1 ? measurements[0] : MeasurementMerge.Merge(measurements));
        return measurement.IsValid ? new TrialState.Measured(measurement) : new TrialState.Invalid(string.Join(" ", measurement.InvalidReasons), measurement);
    }

    /// <summary>All load pods together have to have reached every replica alike; one of them alone need not.</summary>
    private static Measurement Balanced(Measurement measurement)
    {
        if (measurement.Replicas is not { } replicas)
        {
            return measurement;
        }

        var reasons = measurement.InvalidReasons.IsDefault ? [] : measurement.InvalidReasons;
        return measurement with
        {
            Notes = ReplicaRequests.Describe(replicas) is { } spread ? measurement.Notes.Add(spread) : measurement.Notes,
            InvalidReasons = ReplicaRequests.Imbalance(replicas) is { } imbalance ? reasons.Add(imbalance) : reasons,
        };
    }

    private static TrialState Failed(WorkflowStatus status, Seen seen)
    {
        if (status.Culprit is not { } culprit)
        {
            return Setup(status.Message) is { } setup ? setup : new TrialState.Interrupted($"The workflow ended without a failed step: {Words(status.Message, status.Phase!)}");
        }

        var message = Words(culprit.Message, status.Message);
        return culprit.Name switch
        {
            _ when NeverBegan(culprit, message, seen) is { } waited => waited,
            _ when culprit.Name.StartsWith("deploy-", StringComparison.Ordinal) => Deploy(culprit, message, seen),
            _ when culprit.Name.StartsWith(TrialWorkflow.ReadyStep, StringComparison.Ordinal) => NeverReady(culprit, message, seen),
            _ when culprit.Name.StartsWith(TrialWorkflow.LoadStep, StringComparison.Ordinal) && NodeTrouble().IsMatch(message) => new TrialState.Interrupted($"The load step was taken away: {message}"),
            _ when culprit.Name.StartsWith(TrialWorkflow.LoadStep, StringComparison.Ordinal) && NoRepository().IsMatch(message) => Setup(message)!,
            _ when culprit.Name.StartsWith(TrialWorkflow.LoadStep, StringComparison.Ordinal) =>
                new TrialState.Invalid($"The load step failed: {message}{(IsDeadline(message) ? " (it ran into the workflow's deadline)" : "")}{Shown(seen.Log)}", null),
            _ when culprit.Name.StartsWith("remove-", StringComparison.Ordinal) =>
                Measured(status, seen) is TrialState.Measured measured ? measured : new TrialState.Invalid($"The candidate could not be removed: {message}", null),
            _ => new TrialState.Interrupted($"Step '{culprit.Name}' failed: {message}"),
        };
    }

    /// <summary>Argo lets a pod wait that no node or quota has room for, and says at the end only that it took too long.</summary>
    private static TrialState? NeverBegan(WorkflowNode step, string message, Seen seen) => seen switch
    {
        _ when !IsDeadline(message) => null,
        { Unschedulable: { } why } => NoRoom(why),
        { Waiting: { } why } when IsQuota(why) => NoQuota(why),
        { Waiting: { } why } => new TrialState.Invalid($"Step '{step.Name}' never began: {why}", null),
        _ => null,
    };

    private static TrialState Deploy(WorkflowNode step, string message, Seen seen) => Setup(message) switch
    {
        { } setup => setup,
        _ when IsQuota(message) => NoQuota(message),
        _ when IsDeadline(message) => new TrialState.Interrupted($"The deploy step did not end in time: {message}"),
        _ when NodeTrouble().IsMatch(message) => new TrialState.Interrupted($"The deploy step was taken away: {message}"),
        _ when ServerTrouble().IsMatch(message) => new TrialState.Interrupted($"The API server was in trouble when the candidate was deployed: {message}"),
        _ when !Prefix().IsMatch(step.Message) => new TrialState.Invalid($"The deploy step failed by itself: {message}{Shown(seen.Log)}", null),
        _ => new TrialState.CandidateFailed(FailureKind.Refused, $"The API server refused the candidate: {message}", seen.Log),
    };

    private static TrialState NeverReady(WorkflowNode culprit, string message, Seen seen)
    {
        var report = culprit.Outputs.GetValueOrDefault("report") is { Length: > 1 } said ? said : message;
        return seen switch
        {
            { Quota: { } quota } => NoQuota(quota),
            _ when IsQuota(report) => NoQuota(report),
            { Unschedulable: { } why } => NoRoom(why),
            _ when report.StartsWith(ReadyStep.Refused, StringComparison.Ordinal) => new TrialState.CandidateFailed(FailureKind.Refused, $"{report} {Admitted}", seen.Log),
            { NotCreated: { } why } when NoPods().IsMatch(report) => new TrialState.CandidateFailed(FailureKind.Refused, $"{ReadyStep.Refused} {why}. {Admitted}", seen.Log),
            _ when Setup(report) is { } setup => setup,
            _ when NodeTrouble().IsMatch(message) => new TrialState.Interrupted($"The step that waits for the candidate was taken away: {message}"),
            _ when culprit.ExitCode is "64" => new TrialState.Invalid($"The step that waits for the candidate cannot do so: {report}", null),
            _ when IsDeadline(message) => new TrialState.Interrupted($"The step that waits for the candidate did not end in time: {message}"),

            // Only its own word makes a candidate infeasible, not that the step was killed or could not run.
            _ when !Prefix().IsMatch(culprit.Message) || culprit.ExitCode is not (null or "1") => new TrialState.Invalid($"The step that waits for the candidate failed by itself: {report}{Shown(seen.Log)}", null),
            _ => new TrialState.CandidateFailed(FailureKind.NeverReady, report, seen.Log),
        };
    }

    /// <summary>A state's own words, for the Workflow that is stopped because of it.</summary>
    internal static string Reason(TrialState state) => state switch
    {
        TrialState.CandidateFailed failed => failed.Reason,
        TrialState.Invalid invalid => invalid.Reason,
        TrialState.Interrupted interrupted => interrupted.Cause,
        _ => $"{state}",
    };

    /// <summary>What is wrong with the installation, not with the candidate, and its cure.</summary>
    private static TrialState.Invalid? Setup(string message) => message switch
    {
        _ when message.Contains("cannot", StringComparison.Ordinal) && message.Contains("is forbidden", StringComparison.Ordinal) && message.Contains("User ", StringComparison.Ordinal) =>
            new TrialState.Invalid($"The workflow's pods lack a permission: {message} Add it to the Role tuner-trial ('tuner argo install' prints it).", null),
        _ when message.Contains("cannot create resource \"workflowtaskresults\"", StringComparison.Ordinal) =>
            new TrialState.Invalid($"The workflow's pods lack a permission: {message} Run 'tuner argo install'.", null),
        _ when message.Contains("no matches for kind", StringComparison.Ordinal) || message.Contains("doesn't have a resource type", StringComparison.Ordinal) =>
            new TrialState.Invalid($"The cluster does not know a kind of the manifest: {message} Install what brings it, or correct apiVersion and kind.", null),
        _ when NoRepository().IsMatch(message) =>
            new TrialState.Invalid($"The cluster keeps no artifacts: {message}. Configure Argo's artifact repository for the namespace, or remove target.argo.artifact.", null),
        _ when message.Contains("invalid spec", StringComparison.Ordinal) => new TrialState.Invalid(
            $"Argo refused the workflow: {message}{(message.Contains(TrialWorkflow.Template, StringComparison.Ordinal) ? ". Run 'tuner argo install' for this namespace." : "")}", null),
        _ when message.Contains("failed calling webhook", StringComparison.Ordinal) => new TrialState.Invalid($"An admission webhook of the cluster did not answer: {message}", null),
        _ when message.Contains("serviceaccount", StringComparison.OrdinalIgnoreCase) && message.Contains("not found", StringComparison.OrdinalIgnoreCase) =>
            new TrialState.Invalid($"{message}. Run 'tuner argo install' for this namespace.", null),
        _ => null,
    };

    private static TrialState.Invalid NoRoom(string why) =>
        new($"The cluster has no room for the trial. {why} Add such a node, ask for less (target.argo.resources), or correct target.argo.instances.", null);

    private static TrialState.Invalid NoQuota(string message) =>
        new($"The namespace's quota does not hold the candidate: {message}. Raise it, narrow the sweep, or lower budget.parallel.", null);

    private static bool IsQuota(string message) => message.Contains("exceeded quota", StringComparison.OrdinalIgnoreCase) || message.Contains("failed quota", StringComparison.OrdinalIgnoreCase);

    private static bool IsDeadline(string message) => message.Contains("deadline", StringComparison.OrdinalIgnoreCase);

    /// <summary>A step's own words, without what Argo puts before them.</summary>
    private static string Words(string message, string otherwise)
    {
        var plain = Prefix().Replace(message, "").Trim();
        return plain.Length > 0 ? plain : message.Length > 0 ? message : otherwise;
    }

    private static string Shown(string log) => log.Length == 0 ? "" : $" Its log ends: {log[Math.Max(0, log.Length - 500)..]}";

    [GeneratedRegex(@"^(main: )?Error \(exit code \d+\):?\s*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Prefix();

    /// <summary>What kubectl says where the server, not the object, is at fault.</summary>
    [GeneratedRegex(@"Unable to connect to the server|i/o timeout|connection (refused|reset)|TLS handshake timeout|no such host|etcdserver|\((InternalError|ServiceUnavailable|Timeout|ServerTimeout|TooManyRequests)\)|currently unable to handle|context (deadline exceeded|canceled)|unexpected EOF|http2: ", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ServerTrouble();

    [GeneratedRegex("configure artifact storage|default archive location|artifact repository", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex NoRepository();

    /// <summary>A StatefulSet whose first pod is refused has no status at all.</summary>
    [GeneratedRegex(" has 0 of |was not looked at by its controller", RegexOptions.NonBacktracking)]
    private static partial Regex NoPods();

    [GeneratedRegex("Stopped with strategy|workflow shutdown with strategy", RegexOptions.NonBacktracking)]
    private static partial Regex StoppedWords();

    [GeneratedRegex("pod deleted|node (was )?(lost|shutdown|shut down)|evicted|low on resource|node is shutting down|imminent node shutdown|preempt|pod was rejected|predicate .* failed|enough resource|UnexpectedAdmissionError|can't find failed message|container (did not complete|completed) successfully", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NodeTrouble();
}

/// <summary>A warning that the cluster recorded about an object.</summary>
internal sealed record ClusterEvent(string Object, string Reason, string Message);
