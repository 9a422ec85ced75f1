using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Kubernetes;

/// <summary>Shows who we are with every request, once more with a fresh token where it was refused, and turns refusals into exceptions.</summary>
internal sealed class ClusterHandler : DelegatingHandler
{
    private readonly ClusterAccess access;

    public ClusterHandler(ClusterAccess access, TimeProvider time, bool streams = false)
        : base(new AnswerLimit(Connections(access), time, streams))
    {
        this.access = access;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await access.Credentials.TokenAsync(refused: null, cancellationToken);
        var response = await SendWithAsync(request, token, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized && token is not null
            && await access.Credentials.TokenAsync(refused: token, cancellationToken) is { } other && other != token)
        {
            response.Dispose();
            response = await SendWithAsync(request, other, cancellationToken);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw Refusal(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    internal static KubernetesException Refusal(HttpStatusCode status, string body)
    {
        JsonNode? said = null;
        try
        {
            said = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            // A proxy in between answers with a page of its own; the status has to do.
        }

        var message = said.Text("message") ?? $"the server answered {(int)status} {status}";
        return new KubernetesException(status, said.Text("reason") ?? status.ToString(), message);
    }

    private Task<HttpResponseMessage> SendWithAsync(HttpRequestMessage request, string? token, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return base.SendAsync(request, cancellationToken);
    }

    private static SocketsHttpHandler Connections(ClusterAccess access) => new()
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        ConnectTimeout = TimeSpan.FromSeconds(15),
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            TargetHost = access.ServerName,
            LocalCertificateSelectionCallback = (_, _, _, _, _) => access.Credentials.Certificate!,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(access, certificate, chain, errors),
        },
    };

    private static bool IsTrusted(ClusterAccess access, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (access.Authorities is not { } authorities)
        {
            return errors is SslPolicyErrors.None;
        }

        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) is not SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        using var server = new X509Certificate2(certificate);
        return chain.Build(server);
    }
}
