using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Tuner.Local.Launch;

/// <summary>Everything the launcher needs to become the candidate. Travels over its standard input, never in arguments.</summary>
internal sealed record LaunchSpec
{
    /// <summary>The process that must still be the parent; if it is not, Tuner died meanwhile.</summary>
    public required int ParentId { get; init; }

    public required string WorkingDirectory { get; init; }

    /// <summary>The program's full path; the first argument is its name as it was written.</summary>
    public required string Program { get; init; }

    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>The whole environment as <c>NAME=value</c>; nothing is inherited.</summary>
    public required ImmutableArray<string> Environment { get; init; }

    /// <summary>Files that a process writes itself into to join a cgroup.</summary>
    public ImmutableArray<string> CgroupFiles { get; init; } = [];

    /// <summary>The cores it may use; empty means all.</summary>
    public ImmutableArray<int> Cores { get; init; } = [];

    /// <summary>Priority, -20 to 19; 0 keeps the one that Tuner was started with.</summary>
    public int Nice { get; init; }

    /// <summary>NUL-terminated texts, lists with their length before them; arguments cannot hold a NUL anyway.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        Append(text, ParentId.ToString(CultureInfo.InvariantCulture), WorkingDirectory, Program, Nice.ToString(CultureInfo.InvariantCulture));
        foreach (var list in new[] { Arguments, Environment, CgroupFiles, [.. Cores.Select(core => core.ToString(CultureInfo.InvariantCulture))] })
        {
            Append(text, list.Length.ToString(CultureInfo.InvariantCulture));
            Append(text, [.. list]);
        }

        Append(text, "end");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null when the end is missing, since then the writer died.</summary>
    public static LaunchSpec? Parse(byte[] bytes)
    {
        var parts = Encoding.UTF8.GetString(bytes).Split('\0');
        if (parts.Length < 2 || parts[^2] is not "end")
        {
            return null;
        }

        var position = 4;
        return new LaunchSpec
        {
            ParentId = Number(parts[0]),
            WorkingDirectory = parts[1],
            Program = parts[2],
            Nice = Number(parts[3]),
            Arguments = NextList(),
            Environment = NextList(),
            CgroupFiles = NextList(),
            Cores = [.. NextList().Select(Number)],
        };

        ImmutableArray<string> NextList()
        {
            var count = Number(parts[position]);
            ImmutableArray<string> list = [.. parts.AsSpan(position + 1, count)];
            position += count + 1;
            return list;
        }
    }

    private static void Append(StringBuilder text, params string[] parts)
    {
        foreach (var part in parts)
        {
            text.Append(part.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException($"'{part}' holds a NUL character.") : part).Append('\0');
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
