namespace Tuner.Argo.Tests.Standin;

/// <summary>How the stand-in runs steps.</summary>
internal sealed record StandinOptions
{
    /// <summary>What to run instead of a step's command, by the step's name and its words; null runs what stands there.</summary>
    public Func<string, IReadOnlyList<string>, IReadOnlyList<string>?>? Command { get; init; }

    /// <summary>Container steps are pods of the cluster; else processes of this machine.</summary>
    public bool InPods { get; init; }
}
