using Tuner.Core.Space;

namespace Tuner.Core.Pricing;

/// <summary>A machine size that can be rented, with its price.</summary>
public sealed record InstanceType
{
    public required string Name { get; init; }

    /// <summary>Virtual CPUs; fractions are samples for one machine.</summary>
    public required double Vcpus { get; init; }

    public required double MemoryGib { get; init; }

    public required decimal PricePerHour { get; init; }

    public string? Region { get; init; }

    public string? Accelerator { get; init; }

    public double AcceleratorCount { get; init; }

    /// <summary>True for sizes that nobody sells: they exist for trying things on one machine.</summary>
    public bool Sample { get; init; }

    /// <summary>What a formula may ask of an instance type; null for a name it does not have.</summary>
    public ParameterValue? Attribute(string name) => name switch
    {
        "instance.name" => ParameterValue.Of(Name),
        "instance.vcpus" => ParameterValue.Of(Vcpus),
        "instance.memory" => ParameterValue.Of(MemoryGib),
        "instance.price" => ParameterValue.Of((double)PricePerHour),
        "instance.accelerators" => ParameterValue.Of(AcceleratorCount),
        _ => null,
    };
}
