namespace Tuner.Service.Storage;

/// <summary>One change in the history of a sweep or trial; <see cref="From"/> is empty for the first.</summary>
public sealed record StateChange(DateTimeOffset At, string From, string To, string Reason);
