using RestEase;

namespace Tuner.Argo.Artifacts;

/// <summary>The one route of Argo's own server that Tuner uses, as <c>argo cp</c> does. Every refusal is a KubernetesException.</summary>
[AllowAnyStatusCode]
public interface IArgoServer
{
    /// <summary>An output artifact of a node as it was stored; the answer is not read ahead.</summary>
    [Get("artifacts/{place}/{workflow}/{node}/{artifact}")]
    Task<HttpResponseMessage> OutputArtifactAsync([Path] string place, [Path] string workflow, [Path] string node, [Path] string artifact, CancellationToken cancellationToken);
}
