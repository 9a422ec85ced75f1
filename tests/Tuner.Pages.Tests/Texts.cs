using System.Collections.Immutable;

namespace Tuner.Pages.Tests;

/// <summary>Definitions as a person would type them.</summary>
internal static class Texts
{
    public const string Secret = "planted-7f3a9c-secret";

    public const string Sweep = $$$"""
        metadata: { name: small, labels: { team: vision } }
        target:
          process:
            command: [my-server, --port, "{{port}}", --workers, "{{workers}}"]
            env: { MODEL_TOKEN: {{{Secret}}} }
        parameters:
          workers: { values: [1, 2, 3, 4, 6] }
          instanceType: { values: [sample-half] }
        baseline: { workers: 6, instanceType: sample-half }
        load:
          request: { method: POST, path: /predict, bodyFiles: [ body.json ] }
          phases: [ { name: steady, rate: 100/s, duration: 20s } ]
        slos: [ p99 latency <= 100ms ]
        search: { strategy: grid }
        budget: { trials: 20 }
        verification: { finalists: 1, repeats: 1 }

        """;

    /// <summary>Wrong in two lines: a misspelt key in the first, a limit that cannot be read in the thirteenth.</summary>
    public static string Bad { get; } = Sweep
        .Replace("metadata:", "metdata:", StringComparison.Ordinal)
        .Replace("100ms ]", "fast ]", StringComparison.Ordinal);

    /// <summary>The sweep every night, with a dearer baseline.</summary>
    public static string Nightly { get; } = Sweep
        .Replace("name: small", "name: nightly", StringComparison.Ordinal)
        .Replace("[1, 2, 3, 4, 6]", "[4, 6]", StringComparison.Ordinal)
        .Replace("[sample-half]", "[sample-half, sample-one]", StringComparison.Ordinal)
        .Replace("instanceType: sample-half }", "instanceType: sample-one }", StringComparison.Ordinal)
        + "schedule: { cron: \"0 2 * * *\", timeZone: Europe/London }\n";

    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; } =
        ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("body.json", "{}"u8.ToArray());
}
