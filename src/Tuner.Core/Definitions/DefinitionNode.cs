using System.Collections.Immutable;

namespace Tuner.Core.Definitions;

/// <summary>A piece of a written document with its place (line and column from 1), whatever syntax it was written in.</summary>
public abstract record DefinitionNode(int Line, int Column);

/// <summary>One value as it was written. <see cref="Quoted"/> text is text, also where it looks like a number.</summary>
public sealed record ScalarNode(string Text, bool Quoted, int Line, int Column) : DefinitionNode(Line, Column)
{
    /// <summary>True for a key that was left without a value, and for an explicit null.</summary>
    public bool IsEmpty => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>Values by key, in the order they were written; the reader has already refused duplicate keys.</summary>
public sealed record MappingNode(ImmutableArray<MappingEntry> Entries, int Line, int Column) : DefinitionNode(Line, Column)
{
    public MappingEntry? Find(string key) => Entries.FirstOrDefault(entry => string.Equals(entry.Key.Text, key, StringComparison.Ordinal));
}

/// <summary>One key of a mapping and its value.</summary>
public sealed record MappingEntry(ScalarNode Key, DefinitionNode Value);

/// <summary>Values in their order.</summary>
public sealed record SequenceNode(ImmutableArray<DefinitionNode> Items, int Line, int Column) : DefinitionNode(Line, Column);

/// <summary>A document that was read, or every reason why it could not be.</summary>
public sealed record DefinitionTree(DefinitionNode? Root, ImmutableArray<DefinitionProblem> Problems);
