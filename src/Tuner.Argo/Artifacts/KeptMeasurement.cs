using Tuner.Core.Measurements;

namespace Tuner.Argo.Artifacts;

/// <summary>A load pod's whole measurement, or why it could not be had, with the cure.</summary>
internal sealed record KeptMeasurement(Measurement? Measurement, string? Problem);
