using Tuner.Argo.Kubernetes;

namespace Tuner.Argo.Artifacts;

/// <summary>
/// Argo's own server, as whoever runs Tuner names it. A sweep cannot: it would have Tuner send a file of its choice to a
/// server of its choice.
/// </summary>
public static class ArgoServerAccess
{
    public const string ServerVariable = "TUNER_ARGO_SERVER";

    public const string TokenVariable = "TUNER_ARGO_TOKEN_FILE";

    public const string AuthorityVariable = "TUNER_ARGO_CA_FILE";

    /// <returns>Null where no server is named.</returns>
    /// <exception cref="ClusterAccessException">What is named cannot be used.</exception>
    public static ClusterAccess? FromEnvironment(Func<string, string?> variable, TimeProvider time)
    {
        if (variable(ServerVariable) is not { Length: > 0 } address)
        {
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not "https" || server.UserInfo.Length > 0 || server.Query.Length > 0)
        {
            throw new ClusterAccessException($"{ServerVariable} is no https address without user and query. Write it like https://argo.example.com or https://argo-server.argo:2746; the token is a file of its own.");
        }

        return new ClusterAccess
        {
            Server = server,
            Authorities = variable(AuthorityVariable) is { Length: > 0 } authority ? () => Kubeconfig.Certificates(Content(authority), authority) : null,
            Credentials = variable(TokenVariable) is { Length: > 0 } token ? new FileCredentials(token, null, time) : new FixedCredentials(null, null),
            Source = ServerVariable,
        };
    }

    private static string Content(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterAccessException($"{AuthorityVariable}: {exception.Message}", exception);
        }
    }
}
