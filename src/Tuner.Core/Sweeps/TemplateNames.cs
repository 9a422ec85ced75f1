using System.Collections.Immutable;

namespace Tuner.Core.Sweeps;

/// <summary>Placeholders that are not parameters: known when a candidate is deployed.</summary>
public static class TemplateNames
{
    /// <summary>The port that this process shall listen on.</summary>
    public const string Port = "port";

    /// <summary>Which replica of the candidate this process is, counted from 0.</summary>
    public const string Replica = "replica";

    /// <summary>The replica's own folder, which holds the files that the sweep writes for it; gone with the candidate.</summary>
    public const string Folder = "folder";

    /// <summary>The folder of the sample programs that travel with the command.</summary>
    public const string Samples = "tuner.samples";

    /// <summary>The name of the candidate's instance type.</summary>
    public const string InstanceName = "instance.name";

    /// <summary>What a trial on Kubernetes adds to the names of its objects, after a dash.</summary>
    public const string Suffix = "tuner.suffix";

    /// <summary>Attributes of the candidate's instance type, as formulas know them.</summary>
    public static ImmutableArray<string> InstanceAttributes { get; } = ["instance.vcpus", "instance.memory", "instance.price", "instance.accelerators"];

    /// <summary>Those that a process knows.</summary>
    public static ImmutableArray<string> All { get; } = [Port, Replica, Folder, Samples, InstanceName, .. InstanceAttributes];

    /// <summary>Those that an object in a cluster knows.</summary>
    public static ImmutableArray<string> InCluster { get; } = [Suffix, InstanceName, .. InstanceAttributes];
}
