using System.Text.Json;
using Tuner.Core.Search;

namespace Tuner.Cli.Suggesting;

/// <summary>One task being searched: what was told so far, and what to try next.</summary>
internal sealed class AskTellSession(ISearchStrategy strategy, AskTellTask task)
{
    private readonly Dictionary<string, int> ids = task.Candidates
        .GroupBy(pair => pair.Value.Key, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Min(pair => pair.Key), StringComparer.Ordinal);

    private readonly List<Observation> observations = [];

    /// <summary>Adds a <c>result</c> message; without metrics the candidate counts as failed.</summary>
    public void Tell(JsonElement message)
    {
        var id = message.GetProperty("id").GetInt32();
        if (!task.Candidates.TryGetValue(id, out var candidate))
        {
            throw new InvalidOperationException($"id {id} is not one of the task's configurations.");
        }

        observations.Add(message.TryGetProperty("metrics", out var metrics) && metrics.ValueKind == JsonValueKind.Object
            ? task.Observe(candidate, metrics)
            : new Observation.Failed(candidate));
    }

    /// <summary>The answer line: <c>next</c> and <c>recommend</c> are ids or null, <c>why</c> and <c>stop_reason</c> are for people.</summary>
    public string Ask()
    {
        var suggestion = strategy.Suggest(task.Problem, observations, 1);
        var next = suggestion.Next.FirstOrDefault();
        return JsonSerializer.Serialize(new
        {
            next = next is null ? (int?)null : ids[next.Candidate.Key],
            recommend = suggestion.Nominee is { } nominee ? (int?)ids[nominee.Key] : null,
            stop_suggested = suggestion.Stop is not null,
            stop_reason = suggestion.Stop,
            why = next?.Why,
        });
    }
}
