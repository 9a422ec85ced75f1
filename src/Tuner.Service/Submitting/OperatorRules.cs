using System.Collections.Immutable;
using System.Net;

namespace Tuner.Service.Submitting;

/// <summary>What submitted sweeps may do here, as the operator set it when the service was started.</summary>
public sealed record OperatorRules
{
    /// <summary>Where load may go besides to candidates that Tuner started itself; nowhere unless named.</summary>
    public ImmutableArray<AddressRange> LoadTo { get; init; } = [];

    /// <summary>Requests per second that one trial of any project may send at its peak.</summary>
    public double MaxRate { get; init; } = 20_000;

    /// <summary>Other limits, by project.</summary>
    public ImmutableDictionary<string, double> ProjectRates { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Namespaces that candidates on Kubernetes may live in; none unless named.</summary>
    public ImmutableArray<string> Namespaces { get; init; } = [];

    /// <summary>Kinds of objects that a candidate on Kubernetes may consist of.</summary>
    public ImmutableArray<string> Kinds { get; init; } = ["Deployment", "Service", "ConfigMap", "InferenceService", "SeldonDeployment"];

    /// <summary>Stands for every public address on an operator's list of where events may be sent.</summary>
    public const string PublicWord = "public";

    /// <summary>Where events may be sent; nowhere unless named.</summary>
    public ImmutableArray<AddressRange> NotifyTo { get; init; } = [];

    /// <summary>Whether events may be sent to any address that is nobody's own network.</summary>
    public bool NotifyPublic { get; init; }

    public double RateOf(string project) => ProjectRates.GetValueOrDefault(project, MaxRate);

    public bool MayLoad(IPEndPoint endpoint) => LoadTo.Any(range => range.Contains(endpoint));

    public bool MayNotify(IPEndPoint endpoint) => NotifyTo.Any(range => range.Contains(endpoint)) || (NotifyPublic && PublicAddress.Is(endpoint.Address));
}
