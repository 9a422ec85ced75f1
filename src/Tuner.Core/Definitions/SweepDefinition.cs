namespace Tuner.Core.Definitions;

/// <summary>What the user wrote, unchecked: the document with the place of every piece, and the name of its file.</summary>
public sealed record SweepDefinition(DefinitionNode Root, string FileName);
