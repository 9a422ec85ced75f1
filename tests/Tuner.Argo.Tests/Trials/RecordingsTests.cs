using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Trials;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>What real controllers told, event by event, and what Tuner makes of it.</summary>
public sealed class RecordingsTests
{
    public static TheoryData<string> Versions => ["v3.5.15", "v4.0.10"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_first_event_of_a_new_workflow_has_no_status(string version)
    {
        foreach (var first in Workflows(version).Where(events => events[0].Text("metadata", "generation") is null && events[0].Whole("metadata", "generation") == 1).Select(events => events[0]))
        {
            var status = WorkflowStatus.Of(first);
            Assert.Null(status.Phase);
            Assert.False(status.HasEnded);
            Assert.Empty(status.Nodes);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_load_step_is_seen_while_it_runs_and_its_output_after_it(string version)
    {
        var events = Workflow(version, "ok-fast").Select(WorkflowStatus.Of).ToArray();

        Assert.Contains(events, status => status.Pods("load").Any(node => node.Phase is "Running"));
        Assert.Equal("{\"requests\":10}", events[^1].Pods("load").Single().Outputs["result"]);
        Assert.Single(events[^1].Pods("ready"));
        Assert.Null(events[^1].Culprit);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_ending_is_told_apart(string version)
    {
        Assert.StartsWith("The load step failed: ", Is<TrialState.Invalid>(End(version, "loadfail")).Reason, StringComparison.Ordinal);
        Assert.Contains("longer than the specified deadline", Is<TrialState.Interrupted>(End(version, "neverready")).Cause, StringComparison.Ordinal);
        Assert.Contains("Stopped with strategy 'Stop'", Is<TrialState.Cancelled>(End(version, "stopped")).Reason, StringComparison.Ordinal);
        Assert.Contains("Stopped with strategy 'Terminate'", Is<TrialState.Cancelled>(End(version, "termd")).Reason, StringComparison.Ordinal);
        Assert.Contains("invalid spec: template name 'nosuch' undefined", Is<TrialState.Invalid>(End(version, "badspec")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Node_numbers_are_those_of_the_controller() =>
        Assert.Equal("loadfail-3942914695", $"loadfail-{Standin.StandinStatus.Hash("loadfail[2].load")}");

    private static TrialState End(string version, string name) =>
        TrialVerdict.Of(WorkflowStatus.Of(Workflow(version, name)[^1]), new TrialVerdict.Seen(null, null, ImmutableArray<ClusterEvent>.Empty, ""));

    private static T Is<T>(TrialState state)
        where T : TrialState
    {
        Assert.True(state is T, $"{state}");
        return (T)state;
    }

    internal static List<JsonObject> Workflow(string version, string name) => Workflows(version).Single(events => events[0].Text("metadata", "name") == name);

    private static IEnumerable<List<JsonObject>> Workflows(string version, [CallerFilePath] string here = "")
    {
        using var file = File.OpenRead(Path.Combine(Path.GetDirectoryName(here)!, "../../cluster/argo/traces", $"{version}.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var all = new List<JsonObject>();
        while (lines.ReadLine() is { } line)
        {
            all.Add((JsonObject)JsonNode.Parse(line)!["object"]!.DeepClone());
        }

        return all.GroupBy(item => item.Text("metadata", "name")).Select(group => group.ToList());
    }
}
