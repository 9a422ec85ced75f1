using System.Collections.Immutable;
using Tuner.Core.Pricing;

namespace Tuner.Core.Definitions;

/// <summary>What a definition is validated against: the files it may name, the prices, and what this version can do.</summary>
public sealed record SweepInputs
{
    /// <summary>The files that the definition may refer to.</summary>
    public required ISweepFiles Files { get; init; }

    /// <summary>The price book that counts unless the definition names another.</summary>
    public required PriceBook Prices { get; init; }

    /// <summary>Reads the syntax of a price book that the definition names.</summary>
    public required Func<string, DefinitionTree> Syntax { get; init; }

    /// <summary>Full path against which a process's working directory counts: the folder of the definition.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>Strategies that this version offers.</summary>
    public ImmutableArray<string> Strategies { get; init; } = ["bayesian", "grid", "random", "sobol", "list"];
}

/// <summary>Files by the name that the definition uses for them, relative to it.</summary>
public interface ISweepFiles
{
    /// <summary>The content, or why it cannot be had, with the cure.</summary>
    SweepFileContent Read(string name);
}

/// <summary>The content of a file, or the reason why there is none.</summary>
public sealed record SweepFileContent(ReadOnlyMemory<byte> Bytes, string? Problem);

/// <summary>A sweep, or every reason why there is none; warnings in either case.</summary>
public sealed record SweepValidation(Sweeps.Sweep? Sweep, ImmutableArray<DefinitionProblem> Problems);
