namespace Tuner.Core.Api;

/// <summary>One change in the history of a sweep or trial; <paramref name="From"/> is empty for the first.</summary>
public sealed record StateChangeView(DateTimeOffset At, string From, string To, string Reason);
