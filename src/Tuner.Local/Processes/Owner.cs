using System.Globalization;

namespace Tuner.Local.Processes;

/// <summary>
/// The Tuner process that something belongs to, written <c>PID-START</c>. Everything that is started carries it (in its
/// environment, its cgroup's name and its state file), so that the next Tuner can tell what nobody owns any more.
/// </summary>
public sealed record Owner(int Id, long Start)
{
    public static Owner Current { get; } = new(Environment.ProcessId, ProcessEntry.Read(Environment.ProcessId)?.Start ?? 0);

    public bool IsAlive => ProcessEntry.Read(Id) is { IsAlive: true } entry && entry.Start == Start;

    public static Owner? Parse(string? text)
    {
        var parts = text?.Split('-') ?? [];
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new Owner(id, start)
            : null;
    }

    public override string ToString() => $"{Id}-{Start}";
}
