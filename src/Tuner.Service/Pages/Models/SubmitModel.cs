using System.Collections.Immutable;
using Tuner.Core.Definitions;

namespace Tuner.Service.Pages.Models;

/// <summary>A definition on its way in: its text, what is wrong with it at which line, and what it would do.</summary>
public sealed record SubmitModel
{
    public required PageFrame Frame { get; init; }

    public required string Definition { get; init; }

    public required string Project { get; init; }

    /// <summary>Files chosen before, in base 64, so that they need not be chosen again.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string? Summary { get; init; }

    public ImmutableArray<DefinitionProblem> Problems { get; init; } = [];

    /// <summary>What the sweep would do, line by line; null before the definition is right.</summary>
    public ImmutableArray<(string Name, string Value)>? Plan { get; init; }

    /// <summary>The definition says when it shall run again, so that it can become a schedule.</summary>
    public bool HasSchedule { get; init; }

    public bool HasErrors => Problems.Any(problem => problem.IsError);

    /// <summary>The lines with problems and those around them; problems of no line stand at the first.</summary>
    public IEnumerable<MarkedLine> Lines
    {
        get
        {
            var texts = Definition.ReplaceLineEndings("\n").Split('\n');
            for (var number = 1; number <= texts.Length; number++)
            {
                var here = number;
                yield return new MarkedLine(here, texts[here - 1], [.. Problems.Where(problem => Math.Clamp(problem.Line, 1, texts.Length) == here)]);
            }
        }
    }
}

/// <summary>A line of the definition and what is wrong with it.</summary>
public sealed record MarkedLine(int Number, string Text, ImmutableArray<DefinitionProblem> Problems);
