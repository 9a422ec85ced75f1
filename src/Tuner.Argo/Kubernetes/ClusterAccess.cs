using System.Security.Cryptography.X509Certificates;

namespace Tuner.Argo.Kubernetes;

/// <summary>How a cluster is reached: its address, who vouches for it, and who we are to it.</summary>
public sealed record ClusterAccess
{
    public required Uri Server { get; init; }

    /// <summary>The certificates that may have signed the server's; null means those of the system. Read for each connection, since they rotate.</summary>
    public Func<X509Certificate2Collection>? Authorities { get; init; }

    /// <summary>The name that the server's certificate must have, where it is not that of the address.</summary>
    public string? ServerName { get; init; }

    public required IClusterCredentials Credentials { get; init; }

    /// <summary>The namespace of the context or of this pod; null where none is named.</summary>
    public string? Namespace { get; init; }

    /// <summary>Where all of this was read from, in words for messages.</summary>
    public required string Source { get; init; }
}

/// <summary>Who we are to the cluster: a token, a certificate, or both. Never part of a message or a log.</summary>
public interface IClusterCredentials
{
    /// <summary>The certificate to connect with; null where there is none.</summary>
    X509Certificate2? Certificate { get; }

    /// <summary>The bearer token of the moment; null where there is none.</summary>
    /// <param name="refused">The token that the server has just refused; a source that can gets another one.</param>
    ValueTask<string?> TokenAsync(string? refused, CancellationToken cancellationToken);
}

/// <summary>The configuration cannot be used; the message names what, where and the cure, and no secret.</summary>
public sealed class ClusterAccessException(string message, Exception? inner = null) : Exception(message, inner);
