using System.Text.Json.Nodes;
using RestEase;

namespace Tuner.Argo.Kubernetes;

/// <summary>The verbs of the Kubernetes REST API that Tuner uses, on any resource. Every refusal is a <see cref="KubernetesException"/>.</summary>
[AllowAnyStatusCode]
public interface IKubernetesApi
{
    [Get("{path}")]
    Task<JsonObject> GetAsync([Path(UrlEncode = false)] string path, CancellationToken cancellationToken);

    [Get("{path}")]
    Task<JsonObject> ListAsync(
        [Path(UrlEncode = false)] string path,
        [Query] string? labelSelector,
        [Query] string? fieldSelector,
        [Query] int? limit,
        [Query("continue")] string? next,
        CancellationToken cancellationToken);

    /// <summary>Lines of JSON, one an event, until the server or the caller ends it.</summary>
    [Get("{path}")]
    Task<HttpResponseMessage> WatchAsync(
        [Path(UrlEncode = false)] string path,
        [Query] string? labelSelector,
        [Query] string? resourceVersion,
        [Query] int timeoutSeconds,
        [Query("watch", Format = "")] string watch,
        [Query] string allowWatchBookmarks,
        CancellationToken cancellationToken);

    [Post("{path}")]
    Task<JsonObject> CreateAsync([Path(UrlEncode = false)] string path, [Body] JsonObject item, CancellationToken cancellationToken);

    /// <summary>A JSON merge patch.</summary>
    [Patch("{path}")]
    Task<JsonObject> PatchAsync([Path(UrlEncode = false)] string path, [Body] MergePatchBody patch, CancellationToken cancellationToken);

    [Delete("{path}")]
    Task<JsonObject> DeleteAsync([Path(UrlEncode = false)] string path, [Body] JsonObject options, CancellationToken cancellationToken);

    /// <summary>The end of a container's log.</summary>
    [Get("{path}")]
    Task<string> LogAsync(
        [Path(UrlEncode = false)] string path,
        [Query] string? container,
        [Query] int tailLines,
        [Query] int limitBytes,
        [Query] string previous,
        CancellationToken cancellationToken);
}

/// <summary>A JSON merge patch; goes out as such.</summary>
public sealed record MergePatchBody(JsonObject Patch);
