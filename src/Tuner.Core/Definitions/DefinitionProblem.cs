using System.Collections.Immutable;

namespace Tuner.Core.Definitions;

/// <summary>
/// Something wrong (or, as a warning, doubtful) in a written document: where, and what with which cure. Line and column
/// count from 1; 0 where the document has no such place.
/// </summary>
public sealed record DefinitionProblem(ProblemSeverity Severity, string Path, int Line, int Column, string Message)
{
    public bool IsError => Severity is ProblemSeverity.Error;

    /// <summary>One line, <c>file:line:column: error: path: message</c>, as editors and terminals make it clickable.</summary>
    public string Describe(string file) =>
        $"{file}{(Line > 0 ? $":{Line}:{Column}" : "")}: {(IsError ? "error" : "warning")}: {(Path.Length > 0 ? $"{Path}: " : "")}{Message}";
}

/// <summary>Whether a problem stops the document from being used.</summary>
public enum ProblemSeverity
{
    Error,
    Warning,
}

/// <summary>A place in a document: its path, line and column.</summary>
public readonly record struct Place(string Path, int Line, int Column)
{
    public static Place Of(string path, DefinitionNode node) => new(path, node.Line, node.Column);
}

/// <summary>Collects every problem of a document, so that all of them are told at once.</summary>
public sealed class ProblemList
{
    private readonly List<DefinitionProblem> problems = [];

    public bool HasErrors => problems.Exists(problem => problem.IsError);

    public int Errors => problems.Count(problem => problem.IsError);

    public void Error(Place place, string message) =>
        problems.Add(new DefinitionProblem(ProblemSeverity.Error, place.Path, place.Line, place.Column, message));

    public void Warn(Place place, string message) =>
        problems.Add(new DefinitionProblem(ProblemSeverity.Warning, place.Path, place.Line, place.Column, message));

    public void AddRange(IEnumerable<DefinitionProblem> more) => problems.AddRange(more);

    /// <summary>All problems in the order of the document.</summary>
    public ImmutableArray<DefinitionProblem> InOrder() =>
        [.. problems.Distinct().OrderBy(problem => problem.Line == 0).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)];
}
