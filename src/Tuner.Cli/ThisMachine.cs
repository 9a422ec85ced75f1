using Tuner.Core.Sweeps;
using Tuner.Local;

namespace Tuner.Cli;

/// <summary>The machine that the command runs on, in the words of a plan.</summary>
internal static class ThisMachine
{
    public static MachineCapacity Capacity() => CapacityOf(Machine.Probe());

    public static MachineCapacity CapacityOf(Machine machine) =>
        new(machine.Cores.Length, machine.GeneratorCores.Length, machine.MemoryBytes) { Enforcement = machine.Enforcement };
}
