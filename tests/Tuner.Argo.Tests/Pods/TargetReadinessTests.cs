using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Pods;
using Tuner.Argo.Tests.Cluster;

namespace Tuner.Argo.Tests.Pods;

/// <summary>Which addresses get the load, for the Services that there are.</summary>
public sealed class TargetReadinessTests
{
    [ClusterFact]
    public async Task The_load_goes_to_the_pods_of_every_sort_of_service()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await ServiceAsync(place, "several", """{ "ports": [ { "name": "metrics", "port": 9090 }, { "name": "http", "port": 80, "targetPort": 8080 } ] }""", """[ { "name": "metrics", "port": 9090 }, { "name": "http", "port": 8080 } ]""");
        await ServiceAsync(place, "headless", """{ "clusterIP": "None", "ports": [ { "port": 80, "targetPort": 8080 } ] }""", """[ { "port": 8080 } ]""");
        await ServiceAsync(place, "portless", """{ "clusterIP": "None" }""", "[]");

        Assert.Equal(("http://10.9.0.1:9090/ http://10.9.0.2:9090/", null), await FindAsync(place, "several", null));
        Assert.Equal(("http://10.9.0.1:8080/ http://10.9.0.2:8080/", null), await FindAsync(place, "several", 80));
        Assert.Equal(("", "Service several has no port 81; it has 9090, 80"), await FindAsync(place, "several", 81));
        Assert.Equal(("http://10.9.0.1:8080/ http://10.9.0.2:8080/", null), await FindAsync(place, "headless", null));
        Assert.Equal(("http://10.9.0.1:8000/ http://10.9.0.2:8000/", null), await FindAsync(place, "portless", 8000));
        Assert.Equal(("", "Service portless names no port (write target.argo.load.port)"), await FindAsync(place, "portless", null));
        Assert.Equal(("", "Service absent or its endpoints do not exist"), await FindAsync(place, "absent", null));
        Assert.Equal(("", "Service headless has 2 of 3 pods ready"), await FindAsync(place, "headless", null, replicas: 3));
    }

    /// <summary>A Service without a selector, and the endpoints that somebody wrote for it.</summary>
    private static async Task ServiceAsync(ArgoNamespace place, string name, string spec, string ports)
    {
        JsonObject Item(string kind) => new() { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name } };
        var service = Item("Service");
        service["spec"] = JsonNode.Parse(spec);
        await place.Admin.CreateAsync(ResourcePath.Services(place.Name), service, default);
        var endpoints = Item("Endpoints");
        endpoints["subsets"] = JsonNode.Parse($$"""[ { "addresses": [ { "ip": "10.9.0.2" }, { "ip": "10.9.0.1" } ], "ports": {{ports}} } ]""");
        await place.Admin.CreateAsync(ResourcePath.Of("v1", place.Name, "endpoints"), endpoints, default);
    }

    private static async Task<(string Targets, string? Missing)> FindAsync(ArgoNamespace place, string service, int? port, int replicas = 2)
    {
        using var http = new SocketsHttpHandler();
        var request = new ReadyRequest { Objects = [], Namespace = place.Name, Service = service, Port = port, Replicas = replicas, Timeout = TimeSpan.FromSeconds(1) };
        var (targets, missing) = await new TargetReadiness(place.Admin, http).FindAsync(request, default);
        return (string.Join(' ', targets), missing);
    }
}
