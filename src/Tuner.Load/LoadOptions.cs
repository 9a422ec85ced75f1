using System.Collections.Immutable;
using System.Net;
using Tuner.Core.Measurements;

namespace Tuner.Load;

/// <summary>Which engine sends the load: <c>Auto</c> takes the native one where it can (Linux, http, HTTP/1.1).</summary>
public enum LoadEngine
{
    Auto,
    Native,
    Portable,
}

/// <summary>How the generator waits for the next send time.</summary>
public enum LoadPacing
{
    /// <summary>Exact enough for the target: the median lag stays under 1 % of its median latency, as far as the machine and four fifths of a core allow.</summary>
    Default,

    /// <summary>As exact as the machine allows (tens of microseconds), at the price of CPU.</summary>
    Precise,

    /// <summary>Sends in ticks of a millisecond, as wrk2 does: little CPU, half a millisecond of lag.</summary>
    Economical,
}

/// <summary>How a load is run; what is sent stands in the profile.</summary>
public sealed record LoadOptions
{
    /// <summary>Sent before the first phase at its intensity, and not recorded.</summary>
    public TimeSpan Warmup { get; init; }

    public LoadEngine Engine { get; init; } = LoadEngine.Auto;

    public LoadPacing Pacing { get; init; } = LoadPacing.Default;

    /// <summary>Generator threads; 0 chooses one for each 20,000 requests per second within half of the cores.</summary>
    public int Threads { get; init; }

    /// <summary>Arrivals and bodies are drawn from it: the same seed gives the same schedule.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>CPUs that the generator's threads are bound to, as far as the system allows; empty binds nothing.</summary>
    public ImmutableArray<int> Cpus { get; init; } = [];

    /// <summary>Asks the system for a higher priority for the generator's threads; without the right to it, nothing happens.</summary>
    public bool RaisePriority { get; init; }

    /// <summary>How the generator was shielded from the candidate, in words, for the report (<see cref="GeneratorHealth.Protection"/>).</summary>
    public string Protection { get; init; } = "none";

    /// <summary>Fewer recorded requests than this make the measurement invalid; 0 asks for nothing.</summary>
    public long MinRequests { get; init; }

    /// <summary>Ends the load after so many requests; null leaves it to the phases.</summary>
    public long? MaxRequests { get; init; }

    /// <summary>Accepts any server certificate, for test servers.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>
    /// Judges each address before it is connected to: the resolved one, since a name can come to mean another; null allows
    /// every one.
    /// </summary>
    public Func<IPEndPoint, bool>? MayConnect { get; init; }

    /// <summary>Called about twice a second.</summary>
    public Action<LoadProgress>? Progress { get; init; }

    /// <summary>
    /// Asked about once a second with the full seconds so far (the newest ones may hold pending requests); a reason ends
    /// the load and is stored as <see cref="Measurement.EndedEarly"/>.
    /// </summary>
    public Func<IReadOnlyList<PhaseMeasurement>, string?>? EndEarly { get; init; }

    /// <summary>Ends the load with what it has, unlike a cancellation, which throws it away.</summary>
    public CancellationToken Finish { get; init; }
}

/// <summary>A glimpse of a running load.</summary>
/// <param name="Share">Of the whole load with its warm-up, 0 to 1.</param>
/// <param name="Phase">The phase that runs; null during the warm-up.</param>
/// <param name="RatePerSecond">Answers per second since the last glimpse.</param>
/// <param name="P99">Of the latency in the running phase so far.</param>
/// <param name="Errors">So far, over all phases.</param>
public sealed record LoadProgress(double Share, string? Phase, double RatePerSecond, TimeSpan P99, long Requests, long Errors);
