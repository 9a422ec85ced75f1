using System.Collections.Immutable;
using System.Text;
using Tuner.Core.Api;

namespace Tuner.Service.Tests.Api;

/// <summary>A sweep of two candidates, with a body and a secret, as it is submitted.</summary>
internal static class SmallTexts
{
    public const string Secret = "planted-7f3a9c-secret";

    public const string Sweep = $$$"""
        metadata: { name: small, labels: { team: vision } }
        target:
          process:
            command: [my-server, --port, "{{port}}", --workers, "{{workers}}", --api-key, {{{Secret}}}]
            env: { MODEL_TOKEN: {{{Secret}}} }
        parameters:
          workers: { values: [1, 2] }
          instanceType: { values: [sample-half] }
        baseline: { workers: 2, instanceType: sample-half }
        load:
          request: { method: POST, path: /predict, bodyFiles: [ body.json ] }
          phases: [ { name: steady, rate: 100/s, duration: 20s } ]
        slos: [ p99 latency <= 100ms ]
        search: { strategy: grid }
        verification: { finalists: 1, repeats: 1 }
        """;

    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; } =
        ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("body.json", Encoding.UTF8.GetBytes("{}"));

    /// <summary>The sweep as a client sends it, with something replaced in its text.</summary>
    public static SweepSubmissionBody Body(string? replace = null, string with = "") => new()
    {
        FileName = "small.yaml",
        Definition = replace is null ? Sweep : Sweep.Replace(replace, with, StringComparison.Ordinal),
        Files = ImmutableSortedDictionary<string, string>.Empty.Add("body.json", Convert.ToBase64String("{}"u8)),
    };
}
