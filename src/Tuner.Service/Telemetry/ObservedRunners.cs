using Microsoft.Extensions.Logging;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;

namespace Tuner.Service.Telemetry;

/// <summary>Every runner with a span, a count and a line in the log for what its trials do.</summary>
internal sealed class ObservedRunners(ITrialRunners inner, SweepSpans spans, TunerMeter meter, ILogger<ObservedRunner> logger) : ITrialRunners
{
    public ITrialRunner For(Sweep sweep) => new ObservedRunner(inner.For(sweep), spans, meter, logger);

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => inner.RemoveLeftoversAsync(cancellationToken);
}
