namespace Tuner.Argo.Tests.Standin;

/// <summary>How the stand-in runs steps.</summary>
internal sealed record StandinOptions
{
    /// <summary>What to run instead of a step's command, by the step's name and its words; null runs what stands there.</summary>
    public Func<string, IReadOnlyList<string>, IReadOnlyList<string>?>? Command { get; init; }

    /// <summary>The release of Argo whose words it speaks.</summary>
    public string Version { get; init; } = "v4.0.10";

    /// <summary>How an exit code is told of: 4.0 names the container before it.</summary>
    public string Exit(int code) => $"{(Version.StartsWith("v3", StringComparison.Ordinal) ? "" : "main: ")}Error (exit code {code})";

    /// <summary>The last words of a resource step that was stopped.</summary>
    public string Stopped => Version.StartsWith("v3", StringComparison.Ordinal) ? $"{Exit(1)}: client rate limiter Wait returned an error: context canceled" : $"{Exit(64)}: context canceled";

    /// <summary>The folder that is the cluster's artifact repository; null where none is configured.</summary>
    public string? Repository { get; init; }

    /// <summary>Container steps are pods of the cluster; else processes of this machine.</summary>
    public bool InPods { get; init; }
}
