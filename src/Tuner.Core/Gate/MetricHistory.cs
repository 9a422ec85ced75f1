using System.Collections.Immutable;
using Tuner.Core.Slos;

namespace Tuner.Core.Gate;

/// <summary>One metric's nights: tonight, and those since the configuration was accepted, oldest first, the accepted run among them.</summary>
public sealed record MetricHistory(Slo Slo, GateNight Tonight, ImmutableArray<GateNight> Before)
{
    /// <summary>Whether tonight's own measurements show that the SLO is met.</summary>
    public SloVerdict Tonights { get; init; } = SloVerdict.Met;
}
