namespace Tuner.Argo.Installing;

/// <summary>One thing that was looked at.</summary>
/// <param name="Good">Null where whoever asks may not look.</param>
/// <param name="Text">What was found, and the cure where it is not good.</param>
public sealed record ClusterFinding(bool? Good, string Text);
