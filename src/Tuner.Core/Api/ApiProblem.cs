using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>What went wrong with a request: problem+json (RFC 9457) with every validation error.</summary>
public sealed record ApiProblem
{
    /// <summary><c>urn:tuner:problem:…</c>, which kind of problem it is.</summary>
    public string? Type { get; init; }

    public string? Title { get; init; }

    public int? Status { get; init; }

    /// <summary>The thing, the value and the cure.</summary>
    public string? Detail { get; init; }

    /// <summary>Every error and warning of a definition, with its place; empty for other problems.</summary>
    public ImmutableArray<ApiError> Errors { get; init; } = [];
}

/// <summary>One error or warning of a definition.</summary>
/// <param name="Path">Where in the document, <c>parameters.workers.max</c>.</param>
/// <param name="Line">Counted from 1; 0 where the document has no such place.</param>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Message">What is wrong, with the cure.</param>
public sealed record ApiError(string Path, int Line, int Column, string Severity, string Message);
