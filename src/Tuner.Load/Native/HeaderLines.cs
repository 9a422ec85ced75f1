using System.Runtime.CompilerServices;

namespace Tuner.Load.Native;

internal enum LineResult
{
    Whole,

    /// <summary>Its end has not come yet.</summary>
    Partial,
    TooLong,
}

/// <summary>
/// Takes lines out of bytes that come in pieces of any size, lenient as to how they end. What a piece leaves unfinished is
/// kept for the next; nothing is copied where a line came whole.
/// </summary>
internal struct HeaderLines
{
    /// <summary>A line or a header section longer than this is too long.</summary>
    private const int MaxBytes = 64 * 1024;

    private byte[]? stash;
    private int stashed;
    private int bytes;

    /// <summary>No byte was taken since the last reset.</summary>
    public readonly bool IsUnread => stashed == 0 && bytes == 0;

    public void Reset() => (stashed, bytes) = (0, 0);

    /// <summary>What was taken so far does not count towards the limit any more.</summary>
    public void CountAnew() => bytes = 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public LineResult Take(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> line)
    {
        var end = data.IndexOf((byte)'\n');
        var taken = end < 0 ? data.Length : end + 1;
        bytes += taken;
        line = default;
        if (bytes > MaxBytes)
        {
            return LineResult.TooLong;
        }

        if (end < 0 || stashed > 0)
        {
            Stash(data[..taken]);
        }

        line = stashed > 0 ? stash.AsSpan(0, stashed) : data[..taken];
        data = data[taken..];
        if (end < 0)
        {
            return LineResult.Partial;
        }

        stashed = 0;
        line = line[..^1];
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        return LineResult.Whole;
    }

    private void Stash(ReadOnlySpan<byte> piece)
    {
        if (stash is null || stashed + piece.Length > stash.Length)
        {
            Array.Resize(ref stash, Math.Max(256, 2 * (stashed + piece.Length)));
        }

        piece.CopyTo(stash.AsSpan(stashed));
        stashed += piece.Length;
    }
}
