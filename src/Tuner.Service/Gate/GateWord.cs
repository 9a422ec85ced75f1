using Tuner.Core.Gate;

namespace Tuner.Service.Gate;

/// <summary>What the gate says of a night, in short.</summary>
public sealed record GateWord(GateVerdict Verdict, string Reason);
