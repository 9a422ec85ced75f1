using System.Net;
using Tuner.Core.Api;

namespace Tuner.Client;

/// <summary>The service refused a request, or could not answer it; the message is its own.</summary>
public sealed class TunerApiException(HttpStatusCode status, ApiProblem problem) : Exception(problem.Detail ?? problem.Title ?? $"The service answered {(int)status}.")
{
    public HttpStatusCode Status => status;

    /// <summary>What was wrong, with every error of a definition.</summary>
    public ApiProblem Problem => problem;
}
