using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Argo.Trials;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

public sealed class PodDiagnosisTests
{
    private static readonly Dictionary<string, long> UnderLoad = new(StringComparer.Ordinal) { ["p/server"] = 1 };

    [Theory]
    [InlineData("""{"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":3,"reason":"Error"}},"restartCount":2}""", FailureKind.ExitedAtStart, "exit code 3")]
    [InlineData("""{"state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}},"restartCount":0}""", FailureKind.ImageNotPulled, "Back-off pulling image")]
    [InlineData("""{"state":{"waiting":{"reason":"InvalidImageName","message":"couldn't parse"}},"restartCount":0}""", FailureKind.ImageNotPulled, "couldn't parse")]
    [InlineData("""{"state":{"waiting":{"reason":"CreateContainerConfigError","message":"configmap \"x\" not found"}},"restartCount":0}""", FailureKind.CannotStart, "configmap \"x\" not found")]
    [InlineData("""{"state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}},"restartCount":1}""", FailureKind.OutOfMemory, "more memory than its limit")]
    public void What_a_container_shows_is_told_by_its_kind(string container, FailureKind kind, string words)
    {
        var failed = Assert.IsType<TrialState.CandidateFailed>(Of([Pod(container)], null)!.End);

        Assert.Equal(kind, failed.Kind);
        Assert.Contains(words, failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restart_counts_under_load_only_where_it_came_with_the_load()
    {
        Assert.Null(Of([Pod("""{"state":{"running":{}},"lastState":{"terminated":{"exitCode":1}},"restartCount":1}""")], UnderLoad));
        var restarted = Of([Pod("""{"state":{"running":{}},"lastState":{"terminated":{"exitCode":1}},"restartCount":2}""")], UnderLoad)!;
        Assert.Equal(FailureKind.ExitedUnderLoad, Assert.IsType<TrialState.CandidateFailed>(restarted.End).Kind);
        Assert.True(restarted.Previous);
    }

    [Fact]
    public void A_job_s_attempt_that_failed_is_the_job_s_to_repeat()
    {
        var attempt = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"fetch-1","ownerReferences":[{"kind":"Job"}]},"status":{"phase":"Failed","containerStatuses":[{"name":"main","state":{"terminated":{"exitCode":1}},"restartCount":0}]}}""")!;

        Assert.Null(Of([attempt], UnderLoad));
        attempt["metadata"]!["ownerReferences"]![0]!["kind"] = "ReplicaSet";
        Assert.NotNull(Of([attempt], UnderLoad));
    }

    [Fact]
    public void What_ran_before_the_server_and_ended_well_is_no_failure_under_load()
    {
        var pod = Pod("""{"state":{"running":{}},"restartCount":1}""");
        pod["status"]!["initContainerStatuses"] = JsonNode.Parse("""
            [ {"name":"storage-initializer","state":{"terminated":{"exitCode":0,"reason":"Completed"}},"restartCount":0}, {"name":"proxy","state":{"running":{}},"restartCount":2} ]
            """);
        var job = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"fetch"},"status":{"phase":"Succeeded","containerStatuses":[{"name":"main","state":{"terminated":{"exitCode":0}},"restartCount":0}]}}""")!;
        var before = PodDiagnosis.Restarts([pod, job]);

        Assert.Null(Of([pod, job], before));

        // A container beside the server that ends counts as the server does.
        pod["status"]!["initContainerStatuses"]![1]!["restartCount"] = 3;
        Assert.Equal(FailureKind.ExitedUnderLoad, Assert.IsType<TrialState.CandidateFailed>(Of([pod, job], before)!.End).Kind);
    }

    [Theory]
    [InlineData("Running", "Running", true)]
    [InlineData("Error", "Running", false)]
    [InlineData("Running", "Succeeded", false)]
    public void A_load_pod_that_is_deleted_and_does_not_end_is_on_a_node_that_is_lost(string node, string phase, bool lost)
    {
        var pod = (JsonObject)JsonNode.Parse($$$"""
            {"metadata":{"name":"w-load-1","deletionTimestamp":"2026-11-22T10:00:00Z","annotations":{"workflows.argoproj.io/node-id":"w-1"}},"spec":{"nodeName":"gone"},"status":{"phase":"{{{phase}}}"}}
            """)!;
        var status = WorkflowStatus.Of((JsonObject)JsonNode.Parse($$$"""{"spec":{},"status":{"phase":"Running","nodes":{"w-1":{"id":"w-1","type":"Pod","displayName":"load","phase":"{{{node}}}"} } } }""")!);

        var found = StepDiagnosis.Of([pod], status, TimeSpan.FromSeconds(1));

        Assert.Equal(lost, found is not null);
        if (found is not null)
        {
            Assert.Contains("its pod w-load-1 on node gone is being deleted and does not end", Assert.IsType<TrialState.Interrupted>(found.End).Cause, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_evicted_pod_and_one_deleted_under_load_interrupt_the_trial()
    {
        var evicted = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"p"},"status":{"phase":"Failed","reason":"Evicted","message":"low on memory"}}""")!;
        var deleted = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"p","deletionTimestamp":"2026-11-22T10:00:00Z"},"status":{}}""")!;

        Assert.Contains("low on memory", Assert.IsType<TrialState.Interrupted>(Of([evicted], null)!.End).Cause, StringComparison.Ordinal);
        Assert.IsType<TrialState.Interrupted>(Of([deleted], UnderLoad)!.End);
        Assert.Null(Of([deleted], null));
    }

    [Fact]
    public void No_room_and_no_quota_say_nothing_about_the_candidate()
    {
        var waiting = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"p"},"status":{"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available"}]}}""")!;
        var ended = WorkflowStatus.Of((JsonObject)JsonNode.Parse("""
            {"spec":{},"status":{"phase":"Failed","message":"child 'w-1' failed","nodes":{"w-1":{"id":"w-1","type":"Pod","displayName":"ready","phase":"Failed","message":"main: Error (exit code 1)",
              "outputs":{"exitCode":"1","parameters":[{"name":"report","value":"Deployment m has 0 of 2 replicas ready"}]}}}}}
            """)!);
        TrialState End(string? unschedulable, params ImmutableArray<ClusterEvent> events) => TrialVerdict.Of(ended, new TrialVerdict.Seen(null, unschedulable, events, "log"));

        Assert.Contains("0/3 nodes are available", Assert.IsType<TrialState.Invalid>(End(PodDiagnosis.Unschedulable([waiting]))).Reason, StringComparison.Ordinal);
        Assert.Contains("exceeded quota", Assert.IsType<TrialState.Invalid>(End(null, new ClusterEvent("ReplicaSet m-1", "FailedCreate", "pods is forbidden: exceeded quota: q"))).Reason, StringComparison.Ordinal);
        var never = Assert.IsType<TrialState.CandidateFailed>(End(null, new ClusterEvent("Pod m-1-x", "Unhealthy", "Readiness probe failed")));
        Assert.Equal((FailureKind.NeverReady, "Deployment m has 0 of 2 replicas ready"), (never.Kind, never.Reason));
        Assert.Equal("log\nevent: Unhealthy Pod m-1-x: Readiness probe failed", never.LogTail);
    }

    private static PodDiagnosis? Of(JsonObject[] pods, IReadOnlyDictionary<string, long>? before) => PodDiagnosis.Of(pods, before, TimeSpan.FromSeconds(1));

    private static JsonObject Pod(string container)
    {
        var status = (JsonObject)JsonNode.Parse(container)!;
        status["name"] = "server";
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = "p" }, ["status"] = new JsonObject { ["containerStatuses"] = new JsonArray(status) } };
    }
}
