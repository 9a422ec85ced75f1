using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Tuner.Core.Api;
using Tuner.Core.Definitions;

namespace Tuner.Service.Api;

/// <summary>Answers that say what went wrong: problem+json with the thing, the value and the cure.</summary>
internal static class Problems
{
    public const string TypePrefix = "urn:tuner:problem:";

    /// <summary>Every error and warning of a definition, with its place.</summary>
    public static ProblemHttpResult Definition(string file, IEnumerable<DefinitionProblem> problems)
    {
        ImmutableArray<ApiError> errors = [.. problems.Select(problem => new ApiError(problem.Path, problem.Line, problem.Column, problem.IsError ? "error" : "warning", problem.Message))];
        var count = errors.Count(error => error.Severity is "error");
        return Of(
            StatusCodes.Status422UnprocessableEntity,
            "invalid-definition",
            "The definition is not valid",
            $"{file} has {count} error{(count == 1 ? "" : "s")}. Each stands under errors with its path, its line and its cure.",
            errors);
    }

    public static ProblemHttpResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "not-found", "There is no such thing", what);

    public static ProblemHttpResult NoSweep(string id) => NotFound($"There is no sweep '{id}', or it belongs to a project that this key does not see. GET /api/v1/sweeps lists those that it sees.");

    public static ProblemHttpResult NoSchedule(string id) => NotFound($"There is no schedule '{id}', or it belongs to a project that this key does not see. GET /api/v1/schedules lists those that it sees.");

    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, "bad-request", "The request cannot be understood", detail);

    public static ProblemHttpResult Forbidden(string detail) => Of(StatusCodes.Status403Forbidden, "forbidden", "This is not allowed", detail);

    public static ProblemHttpResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, "conflict", "The state does not allow it", detail);

    public static ProblemHttpResult Of(int status, string type, string title, string detail, ImmutableArray<ApiError> errors = default) => TypedResults.Problem(new ProblemDetails
    {
        Status = status,
        Type = TypePrefix + type,
        Title = title,
        Detail = detail,
        Extensions = errors.IsDefault ? new Dictionary<string, object?>(StringComparer.Ordinal) : new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors },
    });
}
