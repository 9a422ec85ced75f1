using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Trials;

/// <summary>What a Workflow's status says. Argo keeps it in the object itself; the first event of a new one has none.</summary>
internal sealed record WorkflowStatus
{
    /// <summary>Null while no controller has looked at it.</summary>
    public string? Phase { get; init; }

    public string Message { get; init; } = "";

    public string? Shutdown { get; init; }

    /// <summary>Why Tuner stopped it; null where it did not.</summary>
    public string? StoppedBecause { get; init; }

    /// <summary>Somebody suspended it: its next step does not begin.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>Its nodes are in the controller's database, and not in the object.</summary>
    public bool IsOffloaded { get; init; }

    public ImmutableArray<WorkflowNode> Nodes { get; init; } = [];

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When the controller began with it; null while it waits for its turn.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool HasEnded => Phase is "Succeeded" or "Failed" or "Error";

    /// <summary>The pods of a step, several where it is repeated or shared.</summary>
    public IEnumerable<WorkflowNode> Pods(string step) => Nodes.Where(node => node.Type is "Pod" && (node.Name == step || node.Name.StartsWith(step + "(", StringComparison.Ordinal)));

    /// <summary>The first node that failed by itself, not by its children; an attempt that was followed by a better one is none.</summary>
    public WorkflowNode? Culprit => Nodes
        .Where(node => node.Type is "Pod" && node.Phase is "Failed" or "Error" && !Nodes.Any(retry => retry.Type is "Retry" && retry.Phase is "Succeeded" && retry.Children.Contains(node.Id)))
        .OrderBy(node => node.Name.StartsWith("remove-", StringComparison.Ordinal))
        .ThenBy(node => node.FinishedAt ?? DateTimeOffset.MaxValue)
        .FirstOrDefault();

    public static WorkflowStatus Of(JsonObject workflow)
    {
        var status = workflow["status"];
        return new WorkflowStatus
        {
            Phase = status.Text("phase") is { Length: > 0 } phase ? phase : null,
            Message = status.Text("message") ?? "",
            Shutdown = workflow.Text("spec", "shutdown"),
            StoppedBecause = workflow.Text("metadata", "annotations", TunerLabels.StoppedBecause),
            IsSuspended = workflow.Flag("spec", "suspend") is true,
            IsOffloaded = status.Text("offloadNodeStatusVersion") is { Length: > 0 } && status.At("nodes") is null,
            StartedAt = Time(status.Text("startedAt")),
            CreatedAt = Time(workflow.Text("metadata", "creationTimestamp")),
            FinishedAt = Time(status.Text("finishedAt")),
            Nodes = [.. NodesOf(status).Select(Node)],
        };
    }

    // Argo compresses the nodes of a Workflow that would grow too large for the API server.
    private static IEnumerable<JsonObject> NodesOf(JsonNode? status)
    {
        var nodes = status.At("nodes") as JsonObject;
        if (nodes is null && status.Text("compressedNodes") is { Length: > 0 } packed)
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
            nodes = JsonNode.Parse(gzip) as JsonObject;
        }

        return nodes is null ? [] : nodes.Select(pair => pair.Value).OfType<JsonObject>();
    }

    private static WorkflowNode Node(JsonObject node) => new()
    {
        Id = node.Text("id") ?? "",
        Name = node.Text("displayName") ?? "",
        Type = node.Text("type") ?? "",
        Phase = node.Text("phase") ?? "",
        Message = node.Text("message") ?? "",
        StartedAt = Time(node.Text("startedAt")),
        FinishedAt = Time(node.Text("finishedAt")),
        ExitCode = node.Text("outputs", "exitCode"),
        Children = [.. (node["children"] as JsonArray ?? []).Select(child => child?.GetValue<string>() ?? "")],
        Outputs = node.Objects("outputs", "parameters").Where(item => item.Text("name") is not null)
            .ToImmutableDictionary(item => item.Text("name")!, item => item.Text("value") ?? "", StringComparer.Ordinal),
    };

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}

/// <summary>One step of a Workflow as its status shows it.</summary>
internal sealed record WorkflowNode
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public required string Phase { get; init; }

    public required string Message { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public string? ExitCode { get; init; }

    public ImmutableArray<string> Children { get; init; } = [];

    public required ImmutableDictionary<string, string> Outputs { get; init; }
}
