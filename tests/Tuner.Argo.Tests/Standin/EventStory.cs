using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Tests.Standin;

/// <summary>What the events of one Workflow tell, without its name, times and the order in which its pods happened to run.</summary>
internal static partial class EventStory
{
    /// <summary>The Workflow's own phases with its message and labels, each once.</summary>
    public static IReadOnlyList<string> Phases(IReadOnlyList<JsonObject> events)
    {
        var told = new List<string>();
        foreach (var item in events)
        {
            var line = $"{item.Text("status", "phase") ?? "no status"}, '{Plain(item.Text("status", "message"))}', labels {item.Text("metadata", "labels", "workflows.argoproj.io/phase")} {item.Text("metadata", "labels", "workflows.argoproj.io/completed")}";
            if (told.LastOrDefault() != line)
            {
                told.Add(line);
            }
        }

        return told;
    }

    /// <summary>How the nodes of each kind ended, with their messages.</summary>
    public static SortedSet<string> Endings(IReadOnlyList<JsonObject> events) =>
        new(Nodes(events[^1]).Where(node => node.Text("type") is not "Retry").Select(node => $"{Kind(node)} {node.Text("phase")} '{Plain(node.Text("message"))}'"), StringComparer.Ordinal);

    /// <summary>From which phase to which one nodes went.</summary>
    public static IEnumerable<string> Changes(IReadOnlyList<JsonObject> events)
    {
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in events.SelectMany(Nodes))
        {
            var (id, phase) = (node.Text("id")!, node.Text("phase")!);
            var last = before.GetValueOrDefault(id, "new");
            before[id] = phase;
            if (last != phase)
            {
                yield return $"{Kind(node)}: {last}, then {phase}";
            }
        }
    }

    /// <summary>The names of the fields in status and nodes.</summary>
    public static IEnumerable<string> Fields(IReadOnlyList<JsonObject> events) => events.SelectMany(item =>
        (item["status"] as JsonObject ?? []).Select(field => field.Key).Concat(Nodes(item).SelectMany(node => node.Select(field => $"{Kind(node)}: {field.Key}"))));

    public static IEnumerable<JsonObject> Nodes(JsonObject workflow) => (workflow.At("status", "nodes") as JsonObject ?? []).Select(pair => pair.Value).OfType<JsonObject>();

    private static string Kind(JsonObject node) => (node.Text("type"), node.Text("name")!.Contains(".onExit", StringComparison.Ordinal)) switch
    {
        (var type, true) => $"{type} on exit",
        (var type, _) => type ?? "",
    };

    private static string Plain(string? message) => Number().Replace(message ?? "", "'NODE'");

    [GeneratedRegex("'[a-z-]+-[0-9]+'")]
    private static partial Regex Number();
}
