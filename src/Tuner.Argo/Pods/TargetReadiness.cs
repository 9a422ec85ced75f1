using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Pods;

/// <summary>
/// Finds the addresses that get the load: those of the pods behind the Service, since what stands in front of them
/// balances connections and not requests. Each must answer.
/// </summary>
internal sealed class TargetReadiness(IKubernetesApi api, HttpMessageHandler handler)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);
    private readonly HttpClient http = new(handler) { Timeout = AnswerWithin };

    public async Task<(ImmutableArray<Uri> Targets, string? Missing)> FindAsync(ReadyRequest request, CancellationToken cancellationToken)
    {
        var (targets, missing) = request.Url is { } url ? ([url], null) : await BehindAsync(request, cancellationToken);
        if (missing is not null || request.Path is not { } path)
        {
            return (targets, missing);
        }

        foreach (var target in targets)
        {
            if (await SilentAsync(new Uri(target, path), cancellationToken) is { } silent)
            {
                return ([], silent);
            }
        }

        return (targets, null);
    }

    private async Task<(ImmutableArray<Uri> Targets, string? Missing)> BehindAsync(ReadyRequest request, CancellationToken cancellationToken)
    {
        var service = request.Service!;
        JsonObject endpoints;
        string? portName;
        long? fixedPort;
        try
        {
            var found = await api.GetAsync(ResourcePath.Services(request.Namespace, service), cancellationToken);
            var ports = found.Objects("spec", "ports").ToArray();
            var port = request.Port is { } number ? ports.FirstOrDefault(item => item.Whole("port") == number) : ports.FirstOrDefault();
            if (port is null && (ports.Length > 0 || request.Port is null))
            {
                return ([], ports.Length == 0 ? $"Service {service} names no port (write target.argo.load.port)" : $"Service {service} has no port {request.Port}; it has {string.Join(", ", ports.Select(item => item.Whole("port")))}");
            }

            // One without a cluster address may name none: its pods are reached at their own.
            fixedPort = port is null ? request.Port : null;
            portName = port.Text("name");
            endpoints = await api.GetAsync(ResourcePath.Endpoints(request.Namespace, service), cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return ([], $"Service {service} or its endpoints do not exist");
        }

        var targets = ImmutableArray.CreateBuilder<Uri>();
        foreach (var subset in endpoints.Objects("subsets"))
        {
            if ((fixedPort ?? subset.Objects("ports").FirstOrDefault(item => portName is null || item.Text("name") == portName).Whole("port")) is { } port)
            {
                targets.AddRange(subset.Objects("addresses").Select(address => Address(address.Text("ip")!, port)));
            }
        }

        targets.Sort((left, right) => string.CompareOrdinal(left.Host, right.Host));
        return targets.Count >= (request.Replicas ?? 1) ? (targets.ToImmutable(), null) : ([], $"Service {service} has {targets.Count} of {request.Replicas ?? 1} pods ready");
    }

    private static Uri Address(string ip, long port) => new($"http://{(ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip)}:{port}/");

    private async Task<string?> SilentAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"{address} answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return $"{address} does not answer: {exception.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{address} did not answer within {AnswerWithin.TotalSeconds:0} s";
        }
    }
}
