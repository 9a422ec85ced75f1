using Tuner.Core.Sweeps;
using Tuner.Local;
using Tuner.Service.Engine;

namespace Tuner.Cli;

/// <summary>The machine that the command runs on, in the words of a plan.</summary>
internal static class ThisMachine
{
    public static MachineCapacity Capacity() => SweepPreparation.CapacityOf(Machine.Probe());
}
