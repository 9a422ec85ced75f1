using System.Globalization;

namespace Tuner.Local.Processes;

/// <summary>
/// One process as <c>/proc/PID/stat</c> shows it (proc_pid_stat(5)). Id and start together name a process for ever; the
/// id alone is used again.
/// </summary>
internal sealed record ProcessEntry
{
    private const double TicksPerSecond = 100;
    private static readonly int PageBytes = Environment.SystemPageSize;

    public required int Id { get; init; }

    public required string Name { get; init; }

    /// <summary>R, S, D, Z (ended, not yet collected), …</summary>
    public required char State { get; init; }

    public required int ParentId { get; init; }

    public required int SessionId { get; init; }

    public required double CpuSeconds { get; init; }

    public required long ResidentBytes { get; init; }

    /// <summary>Clock ticks after the machine's start.</summary>
    public required long Start { get; init; }

    public bool IsAlive => State is not ('Z' or 'X');

    /// <summary>Every process there is. Those that end while the list is read are left out.</summary>
    public static IReadOnlyList<ProcessEntry> All()
    {
        var entries = new List<ProcessEntry>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(id) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>One process, or null when there is none of that id.</summary>
    public static ProcessEntry? Read(int id)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static ProcessEntry Parse(string stat)
    {
        // The name stands in parentheses and may itself hold spaces and parentheses.
        var open = stat.IndexOf('(', StringComparison.Ordinal);
        var close = stat.LastIndexOf(')');
        var rest = stat[(close + 2)..].Split(' ');
        return new ProcessEntry
        {
            Id = (int)Number(stat[..(open - 1)]),
            Name = stat[(open + 1)..close],
            State = rest[0][0],
            ParentId = (int)Number(rest[1]),
            SessionId = (int)Number(rest[3]),
            CpuSeconds = (Number(rest[11]) + Number(rest[12])) / TicksPerSecond,
            Start = Number(rest[19]),
            ResidentBytes = Number(rest[21]) * PageBytes,
        };
    }

    /// <summary>The value of one variable of its environment; null where it has none or where it may not be read.</summary>
    public string? Variable(string name)
    {
        try
        {
            var prefix = name + "=";
            return File.ReadAllText($"/proc/{Id}/environ").Split('\0')
                .FirstOrDefault(text => text.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Kills it, if it is still the same process.</summary>
    public void Kill()
    {
        if (Read(Id) is { IsAlive: true } now && now.Start == Start)
        {
            Native.Kill(Id, Native.SigKill);
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
