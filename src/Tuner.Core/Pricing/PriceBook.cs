using System.Collections.Immutable;

namespace Tuner.Core.Pricing;

/// <summary>What machine sizes cost, when that was so, and who says so.</summary>
public sealed record PriceBook
{
    /// <summary>The file it came from, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Three letters, of all its prices.</summary>
    public required string Currency { get; init; }

    /// <summary>The day on which the prices were read; null where the file does not say.</summary>
    public DateOnly? Date { get; init; }

    public string? Source { get; init; }

    /// <summary>The instance type of local candidates that name none; null where there is no such default.</summary>
    public string? Default { get; init; }

    public required ImmutableArray<InstanceType> Instances { get; init; }

    public IEnumerable<string> Regions => Instances.Select(instance => instance.Region).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>All entries of that name, one a region.</summary>
    public IEnumerable<InstanceType> Find(string name) => Instances.Where(instance => string.Equals(instance.Name, name, StringComparison.Ordinal));
}
