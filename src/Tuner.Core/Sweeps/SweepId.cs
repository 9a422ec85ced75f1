namespace Tuner.Core.Sweeps;

/// <summary>A sweep's identity: its name and a short suffix, safe in file names, process names and Kubernetes names.</summary>
public readonly record struct SweepId(string Value)
{
    public override string ToString() => Value;
}
