using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Service.Hosting;

/// <summary>How <c>tuner serve</c> was started.</summary>
public sealed record ServiceOptions
{
    public required Database Database { get; init; }

    public required SweepEngineOptions Engine { get; init; }

    public ListenAddress Listen { get; init; } = ListenAddress.Usual;

    public OperatorRules Rules { get; init; } = new();

    /// <summary>Requests that one caller may send within a minute.</summary>
    public int RequestsPerMinute { get; init; } = 1200;

    /// <summary>The largest body that is read, definition and files together.</summary>
    public long MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Where traces and metrics go, OTLP over HTTP; null for nowhere.</summary>
    public Uri? Collector { get; init; }

    /// <summary>Logs as one JSON object a line, for machines.</summary>
    public bool JsonLogs { get; init; }
}
