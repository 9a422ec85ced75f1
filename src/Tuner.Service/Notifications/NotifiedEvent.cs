namespace Tuner.Service.Notifications;

/// <summary>Something that subscribers are told.</summary>
/// <param name="Id">The same for every attempt and every copy: receivers that see it twice can tell.</param>
/// <param name="Kind"><c>sweep.finished</c>, <c>sweep.failed</c>, <c>sweep.cancelled</c>, <c>gate.fail</c>, <c>gate.warning</c>, <c>gate.pass</c>.</param>
public sealed record NotifiedEvent(string Id, string Kind, string Project, string Sweep, string Name, string Text, DateTimeOffset At)
{
    /// <summary>The kind of an event that only tries whether a receiver takes one.</summary>
    public const string Ping = "ping";
}
