using Tuner.Core.Planning;
using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>How the work on a sweep came to its end: finished, cancelled, paused, failed, or queued again.</summary>
/// <param name="Stop">Why the sweep is over; null while it is not, and where it failed.</param>
public sealed record SweepEnding(SweepState State, string Reason, StopReason? Stop = null);
