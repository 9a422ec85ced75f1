namespace Tuner.Local.Tests;

/// <summary>A test that needs the right to make cgroups with a certain controller; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CgroupFactAttribute : FactAttribute
{
    public CgroupFactAttribute(string controller)
    {
        var machine = Bench.Machine;
        var has = controller switch
        {
            "cpu" => machine.EnforcesFractions,
            "memory" => machine.LimitsMemory,
            "cpuset" => machine.WholeCpus is "cpuset",
            _ => throw new ArgumentException($"'{controller}' is none of cpu, memory, cpuset."),
        };
        Skip = has ? null : $"needs the cgroup controller {controller}: {(machine.WhyNoCgroups.Length > 0 ? machine.WhyNoCgroups : "it is not mounted")}";
    }
}
