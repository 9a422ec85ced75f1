using System.Collections.Immutable;

namespace Tuner.Core.Gate;

/// <summary>The gate's word on one night, with everything it rests on.</summary>
public sealed record GateReport(GateVerdict Verdict, string Reason, ImmutableArray<GateFinding> Findings);
