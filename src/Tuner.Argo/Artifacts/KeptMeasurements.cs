using System.Collections.Immutable;
using System.IO.Compression;
using RestEase;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Trials;
using Tuner.Core.Measurements;

namespace Tuner.Argo.Artifacts;

/// <summary>
/// Fetches the measurements that load pods kept as artifacts, from Argo's own server: it alone knows the repository and its
/// credentials. Tries again while the server is away; what it refuses comes back with its cure.
/// </summary>
internal sealed class KeptMeasurements(IArgoServer server, Uri address, TimeProvider time, TimeSpan patience)
{
    /// <summary>As it is stored, in gzip. A week of a load at 10/s takes a tenth of it.</summary>
    internal const long LongestStored = 512_000_000;

    /// <summary>As it is read: nobody's artifact may take all memory.</summary>
    private const long LongestRead = 4_000_000_000;

    private const int Downloads = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <param name="patience">How long the server may be away.</param>
    public static KeptMeasurements Connect(ClusterAccess access, TimeProvider time, TimeSpan patience)
    {
        // How long an answer may take is the handler's, and the reader's, to say.
        var http = new HttpClient(new ClusterHandler(access, time, streams: true)) { BaseAddress = new Uri(access.Server.AbsoluteUri.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        return new KeptMeasurements(new RestClient(http).For<IArgoServer>(), access.Server, time, patience);
    }

    /// <summary>What the output parameters of a Workflow's load pods could not carry exactly, by their nodes.</summary>
    /// <param name="tell">What is done, and what is waited for.</param>
    public async Task<ImmutableDictionary<string, KeptMeasurement>> OfAsync(WorkflowStatus status, string place, string workflow, Action<string> tell, CancellationToken cancellationToken)
    {
        var kept = ImmutableDictionary<string, KeptMeasurement>.Empty;
        foreach (var pod in status.Pods(TrialWorkflow.LoadStep).Where(pod => pod.Phase is "Succeeded" && pod.Outputs.GetValueOrDefault(TrialWorkflow.MeasurementParameter) is { Length: > 1 } text && !MeasurementPack.IsExact(text)))
        {
            tell("fetching the whole measurement");
            kept = kept.Add(pod.Id, await FetchAsync(place, workflow, pod.Id, tell, cancellationToken));
        }

        return kept;
    }

    internal async Task<KeptMeasurement> FetchAsync(string place, string workflow, string node, Action<string> tell, CancellationToken cancellationToken)
    {
        var attempts = new Patience(patience, time);
        for (var broken = 0; ;)
        {
            string problem;
            try
            {
                return new KeptMeasurement(await ReadAsync(place, workflow, node, cancellationToken), null);
            }
            catch (KubernetesException exception) when (!exception.IsPassing)
            {
                return new KeptMeasurement(null, Refused(exception, place));
            }
            catch (ClusterAccessException exception)
            {
                return new KeptMeasurement(null, exception.Message);
            }
            catch (Exception exception) when (exception is InvalidDataException or FormatException)
            {
                // Also what an answer is that broke off.
                problem = $"What the Argo Server {address.Authority} keeps of load step '{node}' is no whole measurement: {exception.Message}.";
                if (++broken == Downloads)
                {
                    return new KeptMeasurement(null, problem);
                }
            }
            catch (Exception exception) when (exception is KubernetesException or HttpRequestException or IOException)
            {
                problem = $"The Argo Server {address.Authority} could not hand it over: {Words(exception)}. Its log tells why; look at the artifact repository of namespace '{place}', and at {ArgoServerAccess.ServerVariable}.";
            }

            tell(problem);
            if (!await attempts.PauseAsync(cancellationToken))
            {
                return new KeptMeasurement(null, problem);
            }
        }
    }

    private async Task<Measurement> ReadAsync(string place, string workflow, string node, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var answer = await server.OutputArtifactAsync(place, workflow, node, TrialWorkflow.MeasurementArtifact, either.Token);
            await using var stored = new LimitedStream(await answer.Content.ReadAsStreamAsync(either.Token), LongestStored);
            await using var plain = new LimitedStream(new GZipStream(stored, CompressionMode.Decompress), LongestRead);
            return await MeasurementJson.ReadAsync(plain, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"it was not there whole within {Longest.TotalMinutes:0} min", exception);
        }
    }

    private string Refused(KubernetesException exception, string place) => exception switch
    {
        { IsUnauthorized: true } => $"The Argo Server {address.Authority} does not accept the token ({exception.Message}). Renew the file of {ArgoServerAccess.TokenVariable}: it holds the token of an account that may get workflows in namespace '{place}'.",
        { IsForbidden: true } => $"The Argo Server {address.Authority} does not let us ({exception.Message}). Let the account of {ArgoServerAccess.TokenVariable} get workflows in namespace '{place}', and the Secret of its artifact repository.",
        { IsNotFound: true } => $"The Argo Server {address.Authority} does not find it ({exception.Message}). Check that {ArgoServerAccess.ServerVariable} is the server of this cluster, with its base path, and that nobody deleted the artifact.",
        _ => $"The Argo Server {address.Authority} refused: {exception.Message}.",
    };

    // What TLS says stands in the inner exception.
    private static string Words(Exception exception) => exception.InnerException is { } inner and not OperationCanceledException ? $"{exception.Message.TrimEnd('.')}: {inner.Message.TrimEnd('.')}" : exception.Message.TrimEnd('.');
}
