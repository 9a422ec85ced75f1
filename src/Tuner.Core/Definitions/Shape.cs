using System.Collections.Immutable;

namespace Tuner.Core.Definitions;

/// <summary>What may stand at a place of a document. The strict check, the defaults and the published JSON Schema come from it.</summary>
public abstract record Shape;

/// <summary>One value.</summary>
public sealed record ScalarShape(ScalarKind Kind) : Shape
{
    /// <summary>What counts when the value is left out; null where there is no default.</summary>
    public string? Default { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>The only values there are, for <see cref="ScalarKind.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
}

/// <summary>How a value is read.</summary>
public enum ScalarKind
{
    Text,
    Choice,
    Integer,
    Number,
    Boolean,
    Duration,
    Rate,
    Share,
    Money,

    /// <summary>A number or text, kept as it was written.</summary>
    Value,
}

/// <summary>A list with at least one item, each of the same shape.</summary>
public sealed record ListShape(Shape Item) : Shape
{
    /// <summary>True where each item is one word of what people would write in one line.</summary>
    public bool Words { get; init; }
}

/// <summary>Keys that the user invents, each with a value of the same shape.</summary>
public sealed record MapShape(Shape Value) : Shape;

/// <summary>Keys that are known; others are errors.</summary>
public sealed record ObjectShape(params ImmutableArray<KeyShape> Keys) : Shape
{
    /// <summary>The key that a plain value stands for, <c>small.json</c> for <c>{ file: small.json }</c>; null where there is none.</summary>
    public string? Shorthand { get; init; }

    /// <summary>Keys of which exactly one is wanted; empty where the keys are free.</summary>
    public ImmutableArray<string> ExactlyOneOf { get; init; } = [];

    public KeyShape? Find(string name) => Keys.FirstOrDefault(key => string.Equals(key.Name, name, StringComparison.Ordinal));
}

/// <summary>One known key: its name, what may stand there, and what it is for.</summary>
public sealed record KeyShape(string Name, Shape Shape, string About)
{
    public bool Required { get; init; }
}

/// <summary>Anything: a part that this version recognises but does not read.</summary>
public sealed record AnyShape : Shape;
