using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Trials;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>What Tuner makes of the outputs of a Workflow that succeeded.</summary>
public sealed class TrialVerdictTests
{
    [Fact]
    public void A_measurement_in_pieces_is_put_together()
    {
        var measurement = Measurement() with { Notes = [.. Enumerable.Range(0, 2_500).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(100)))] };
        var pieces = MeasurementPack.Pieces(MeasurementPack.ToText(measurement));
        Assert.Equal(MeasurementPack.MaxPieces, pieces.Length + 1);

        var state = TrialVerdict.Of(Succeeded(Outputs([.. pieces, "-"])), Nothing);

        Assert.Equal(measurement.Notes.AsEnumerable(), Assert.IsType<TrialState.Measured>(state).Measurement.Notes);
    }

    [Fact]
    public void A_measurement_that_lost_a_piece_is_invalid_and_not_half_read()
    {
        var measurement = Measurement() with { Notes = [.. Enumerable.Range(0, 2_500).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(100)))] };

        var state = TrialVerdict.Of(Succeeded(Outputs([MeasurementPack.Pieces(MeasurementPack.ToText(measurement))[0], "-", "-"])), Nothing);

        Assert.Contains("cannot be read", Assert.IsType<TrialState.Invalid>(state).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_per_replica_of_all_load_pods_are_told()
    {
        var (left, right) = (Packed(("10.0.0.7:80", 60, 60), ("10.0.0.8:80", 60, 60)), Packed(("10.0.0.7:80", 60, 60), ("10.0.0.8:80", 60, 58)));

        var state = TrialVerdict.Of(Succeeded(Outputs([left]), Outputs([right])), Nothing);

        Assert.Contains("requests answered per replica: 10.0.0.7:80 120, 10.0.0.8:80 118 of 120", Assert.IsType<TrialState.Measured>(state).Measurement.Notes);
    }

    [Fact]
    public void A_replica_that_answers_far_less_than_the_others_makes_the_trial_invalid()
    {
        var state = TrialVerdict.Of(Succeeded(Outputs([Packed(("10.0.0.7:80", 100, 100), ("10.0.0.8:80", 100, 40))])), Nothing);

        var invalid = Assert.IsType<TrialState.Invalid>(state);
        Assert.Contains("replica 10.0.0.7:80 answered 100 of 100 requests", invalid.Reason, StringComparison.Ordinal);
        Assert.NotNull(invalid.Measurement);
    }

    [Theory]
    [InlineData("pod deleted")]
    [InlineData("The node was low on resource: memory. Container main was using 1Gi, which exceeds its request of 256Mi.")]
    [InlineData("Pod was terminated in response to imminent node shutdown.")]
    [InlineData("pod deleted during operation")]
    [InlineData("Pod was rejected: Node didn't have enough resource: cpu, requested: 500, used: 1900, capacity: 2000")]
    [InlineData("Pod Predicate NodeAffinity failed")]
    [InlineData("can't find failed message for pod p namespace n")]
    [InlineData("pod failed: neither main nor wait container completed successfully")]
    public void A_step_whose_pod_was_taken_away_interrupts_the_trial(string message)
    {
        foreach (var step in new[] { "deploy-0", "ready", "load", "load(1:1)" })
        {
            Assert.Contains(message, Assert.IsType<TrialState.Interrupted>(TrialVerdict.Of(Failed(step, message), Nothing)).Cause, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("deploy-0", "main: OOMKilled (exit code 137)")]
    [InlineData("deploy-0", "Pod failed before main container starts due to CreateContainerError: no such runtime")]
    [InlineData("ready", "OOMKilled (exit code 137)")]
    [InlineData("ready", "main: Error (exit code 134)", "134")]
    [InlineData("ready", "Error (exit code 127): tuner: not found", "127")]
    public void A_step_that_fails_by_itself_says_nothing_about_the_candidate(string step, string message, string? exitCode = null) =>
        Assert.Contains("failed by itself", Assert.IsType<TrialState.Invalid>(TrialVerdict.Of(Failed(step, message, exitCode), Nothing)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("Unable to connect to the server: dial tcp 10.96.0.1:443: i/o timeout")]
    [InlineData("Error from server: etcdserver: request timed out")]
    [InlineData("Error from server (InternalError): an error on the server has prevented the request from succeeding")]
    public void Trouble_of_the_server_at_the_deploy_step_is_no_refusal(string message) =>
        Assert.Contains(message, Assert.IsType<TrialState.Interrupted>(TrialVerdict.Of(Failed("deploy-0", $"main: Error (exit code 1): {message}", "1"), Nothing)).Cause, StringComparison.Ordinal);

    [Fact]
    public void A_refusal_and_a_candidate_that_is_never_ready_are_the_candidate_s()
    {
        var refused = TrialVerdict.Of(Failed("deploy-0", "main: Error (exit code 1): The Deployment \"m\" is invalid: spec.replicas: Invalid value: -1", "1"), Nothing);
        var silent = TrialVerdict.Of(Failed("ready", "Error (exit code 1)", "1"), Nothing);

        Assert.Equal(FailureKind.Refused, Assert.IsType<TrialState.CandidateFailed>(refused).Kind);
        Assert.Equal(FailureKind.NeverReady, Assert.IsType<TrialState.CandidateFailed>(silent).Kind);
    }

    [Theory]
    [InlineData("The API server refuses the candidate's pods: pods \"m-1\" is forbidden: maximum cpu usage per Container is 500m, but limit is 2", "", "maximum cpu usage per Container is 500m")]
    [InlineData("The candidate was not ready within 15 s: StatefulSet m has 0 of 1 replicas ready.", "create Pod m-0 in StatefulSet m failed error: pods \"m-0\" is forbidden: violates PodSecurity \"restricted:latest\": runAsNonRoot != true", "violates PodSecurity")]
    [InlineData("The candidate was not ready within 15 s: StatefulSet m was not looked at by its controller yet.", "create Pod m-0 in StatefulSet m failed error: pods \"m-0\" is forbidden: error looking up service account a/b: serviceaccount \"b\" not found", "serviceaccount \"b\" not found. Change the manifest")]
    public void Pods_that_are_not_let_in_are_a_refusal_in_the_API_server_s_words(string report, string said, string words)
    {
        var status = Failed("ready", "Error (exit code 1)", "1");
        status = status with { Nodes = [.. status.Nodes.Select(node => node with { Outputs = node.Outputs.SetItem("report", report) })] };
        ClusterEvent[] warnings = said.Length > 0 ? [new("StatefulSet m", "FailedCreate", said)] : [];

        var failed = Assert.IsType<TrialState.CandidateFailed>(TrialVerdict.Of(status, Nothing with { Events = [.. warnings] }));

        Assert.Equal(FailureKind.Refused, failed.Kind);
        Assert.Contains(words, failed.Reason, StringComparison.Ordinal);
        Assert.Contains("have the rules changed", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pods \"w-load-1\" is forbidden: exceeded quota: small, requested: cpu=1, used: cpu=2, limited: cpu=2", "quota does not hold")]
    [InlineData("pods \"w-load-1\" is forbidden: failed quota: small: must specify limits.cpu", "quota does not hold")]
    [InlineData("ImagePullBackOff: Back-off pulling image", "never began: ImagePullBackOff")]
    public void A_step_that_waited_until_the_deadline_says_for_what(string waited, string said)
    {
        foreach (var step in new[] { "deploy-0", "ready", "load" })
        {
            var state = TrialVerdict.Of(Failed(step, "Pod was active on the node longer than the specified deadline"), Nothing with { Waiting = waited });

            Assert.Contains(said, Assert.IsType<TrialState.Invalid>(state).Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_attempt_that_was_tried_again_neither_counts_nor_is_to_blame()
    {
        var packed = Packed(("10.0.0.7:80", 10, 10));
        var workflow = (JsonObject)JsonNode.Parse($$"""
            { "status": { "phase": "Succeeded", "nodes": {
              "r": { "id": "r", "displayName": "load", "type": "Retry", "phase": "Succeeded", "children": [ "a", "b" ] },
              "a": { "id": "a", "displayName": "load(0)", "type": "Pod", "phase": "Error", "message": "pod deleted" },
              "b": { "id": "b", "displayName": "load(1)", "type": "Pod", "phase": "Succeeded", "outputs": { "parameters": [ { "name": "measurement", "value": "{{packed}}" } ] } } } } }
            """)!;
        var status = WorkflowStatus.Of(workflow);

        Assert.Null(status.Culprit);
        Assert.IsType<TrialState.Measured>(TrialVerdict.Of(status, Nothing));
    }

    [Theory]
    [InlineData("Stop")]
    [InlineData("Terminate")]
    public void Stopped_between_two_steps_a_trial_is_cancelled_though_no_step_failed(string strategy)
    {
        var status = WorkflowStatus.Of((JsonObject)JsonNode.Parse($$"""
            { "spec": { "shutdown": "{{strategy}}" }, "status": { "phase": "Failed", "message": "Stopped with strategy '{{strategy}}'", "nodes": {
              "a": { "id": "a", "displayName": "deploy-0", "type": "Pod", "phase": "Succeeded" },
              "g": { "id": "g", "displayName": "[1]", "type": "StepGroup", "phase": "Failed", "message": "workflow shutdown with strategy:  {{strategy}}" } } } }
            """)!);

        Assert.Contains($"Stopped with strategy '{strategy}'", Assert.IsType<TrialState.Cancelled>(TrialVerdict.Of(status, Nothing)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_that_is_kept_in_a_database_is_told_of_with_the_cure()
    {
        var status = WorkflowStatus.Of((JsonObject)JsonNode.Parse("""{ "status": { "phase": "Succeeded", "offloadNodeStatusVersion": "fnv:123" } }""")!);

        Assert.Contains("ALWAYS_OFFLOAD_NODE_STATUS", Assert.IsType<TrialState.Invalid>(TrialVerdict.Of(status, Nothing)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workflow_that_an_earlier_process_had_stopped_was_not_stopped_by_hand()
    {
        var status = WorkflowStatus.Of((JsonObject)JsonNode.Parse("""
            { "metadata": { "annotations": { "tuner/stopped-because": "Tuner was stopped while the trial ran" } }, "spec": { "shutdown": "Stop" }, "status": { "phase": "Failed", "message": "Stopped with strategy 'Stop'" } }
            """)!);

        Assert.Contains("Tuner was stopped while the trial ran", Assert.IsType<TrialState.Interrupted>(TrialVerdict.Of(status, Nothing)).Cause, StringComparison.Ordinal);
    }

    private static TrialVerdict.Seen Nothing => new(null, null, ImmutableArray<ClusterEvent>.Empty, "");

    private static string Packed(params (string Address, long Sent, long Answered)[] replicas) =>
        MeasurementPack.ToText(Measurement() with { Replicas = [.. replicas.Select(replica => new ReplicaRequests(replica.Address, replica.Sent, replica.Answered))] });

    internal static Measurement Measurement() => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        Engine = "native",
        OpenModel = true,
        Warmup = TimeSpan.Zero,
        Phases = [new PhaseMeasurement { Name = "steady", Duration = TimeSpan.FromSeconds(1), Seconds = [new SecondMeasurement { Index = 0, Scheduled = 1, Succeeded = 1 }] }],
        Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0, PeakConnections = 1, InFlightAtEnd = 0 },
    };

    private static ImmutableDictionary<string, string> Outputs(IReadOnlyList<string> pieces) =>
        TrialWorkflow.MeasurementParameters.Zip(pieces).ToImmutableDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    private static WorkflowStatus Failed(string step, string message, string? exitCode = null) => new()
    {
        Phase = "Error",
        Message = "child 'w-1' failed",
        Nodes = [new WorkflowNode { Id = "w-1", Name = step, Type = "Pod", Phase = "Error", Message = message, ExitCode = exitCode, Outputs = ImmutableDictionary<string, string>.Empty }],
    };

    private static WorkflowStatus Succeeded(params ImmutableDictionary<string, string>[] pods) => new()
    {
        Phase = "Succeeded",
        Nodes = [.. pods.Select((outputs, index) => new WorkflowNode { Id = $"load-{index}", Name = $"load({index}:{index})", Type = "Pod", Phase = "Succeeded", Message = "", Outputs = outputs })],
    };
}
