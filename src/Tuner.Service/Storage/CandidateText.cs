using System.Text.Json;
using Tuner.Core.Space;

namespace Tuner.Service.Storage;

/// <summary>A candidate in a column: its values in order, as JSON.</summary>
internal static class CandidateText
{
    public static string Write(Candidate candidate) => JsonSerializer.Serialize(candidate.Values.Select(pair => new[] { pair.Key, pair.Value.Text }));

    public static Candidate Read(string text) =>
        new(JsonSerializer.Deserialize<string[][]>(text)!.Select(pair => KeyValuePair.Create(pair[0], ParameterValue.Of(pair[1]))));
}
