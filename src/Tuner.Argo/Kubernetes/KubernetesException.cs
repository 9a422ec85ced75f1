using System.Net;

namespace Tuner.Argo.Kubernetes;

/// <summary>The API server said no, in its own words.</summary>
/// <param name="reason">The machine-readable reason: Forbidden, AlreadyExists, Expired, Invalid, …</param>
public sealed class KubernetesException(HttpStatusCode status, string reason, string message) : Exception(message)
{
    public HttpStatusCode Status => status;

    public string Reason => reason;

    public bool IsNotFound => status is HttpStatusCode.NotFound;

    /// <summary>The object is there already, or it is not the one that was read.</summary>
    public bool IsConflict => status is HttpStatusCode.Conflict;

    /// <summary>The resource version is too old: list again.</summary>
    public bool IsGone => status is HttpStatusCode.Gone || reason is "Expired" or "Gone";

    /// <summary>The server knows us and does not let us.</summary>
    public bool IsForbidden => status is HttpStatusCode.Forbidden;

    /// <summary>The server does not know us.</summary>
    public bool IsUnauthorized => status is HttpStatusCode.Unauthorized;

    /// <summary>The object itself is at fault, and would be the next time.</summary>
    public bool IsRefusal => status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity;

    /// <summary>Trying again later may help.</summary>
    public bool IsPassing => (int)status is 429 or >= 500;
}
