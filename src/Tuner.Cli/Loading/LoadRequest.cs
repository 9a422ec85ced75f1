using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Core.Slos;
using Tuner.Load;

namespace Tuner.Cli.Loading;

/// <summary>What one call of <c>tuner load</c> asks for, checked.</summary>
internal sealed record LoadRequest
{
    public required LoadProfile Profile { get; init; }

    public required ImmutableArray<Uri> Endpoints { get; init; }

    public required LoadOptions Options { get; init; }

    public required ImmutableArray<Slo> Slos { get; init; }

    public required string Output { get; init; }

    public string? Save { get; init; }

    public bool Confident { get; init; }

    public bool FindCapacity { get; init; }

    public bool Quiet { get; init; }
}
