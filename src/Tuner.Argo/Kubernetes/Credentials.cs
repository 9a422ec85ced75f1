using System.Security.Cryptography.X509Certificates;

namespace Tuner.Argo.Kubernetes;

/// <summary>A token and certificate that stay as they are.</summary>
internal sealed class FixedCredentials(string? token, X509Certificate2? certificate) : IClusterCredentials
{
    public X509Certificate2? Certificate => certificate;

    public ValueTask<string?> TokenAsync(string? refused, CancellationToken cancellationToken) => ValueTask.FromResult(token);
}

/// <summary>A token in a file that somebody else renews, as the kubelet does for pods: read again every minute, and when it was refused.</summary>
internal sealed class FileCredentials(string path, X509Certificate2? certificate, TimeProvider time) : IClusterCredentials
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private readonly Lock gate = new();
    private string? token;
    private DateTimeOffset readAt;

    public X509Certificate2? Certificate => certificate;

    public ValueTask<string?> TokenAsync(string? refused, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (token is null || token == refused || time.GetUtcNow() - readAt >= Fresh)
            {
                try
                {
                    token = File.ReadAllText(path).Trim();
                    readAt = time.GetUtcNow();
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    throw new ClusterAccessException($"The token file {path} cannot be read: {exception.Message}", exception);
                }
            }

            return ValueTask.FromResult<string?>(token);
        }
    }
}
