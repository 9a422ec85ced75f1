using Tuner.Core.Sweeps;
using Tuner.Local;

namespace Tuner.Service.Definitions;

/// <summary>What this machine can hold, in the words of plans.</summary>
public static class LocalCapacity
{
    /// <summary>Reads the facts; starts nothing.</summary>
    public static MachineCapacity Probe() => Of(Machine.Probe());

    public static MachineCapacity Of(Machine machine) =>
        new(machine.Cores.Length, machine.GeneratorCores.Length, machine.MemoryBytes) { Enforcement = machine.Enforcement };
}
