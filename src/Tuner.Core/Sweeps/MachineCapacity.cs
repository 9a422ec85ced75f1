namespace Tuner.Core.Sweeps;

/// <summary>What one machine has for local candidates: cores, those that the load generator keeps for itself, and memory in bytes.</summary>
public sealed record MachineCapacity(int Cores, int GeneratorCores, long MemoryBytes)
{
    public int CandidateCores => Cores - GeneratorCores;

    /// <summary>How sizes are enforced here, in words; empty where that is not known.</summary>
    public string Enforcement { get; init; } = "";
}
