using System.Text;

namespace Tuner.Local.Processes;

/// <summary>The last words of a process, in bounded memory. Safe for one writer and any readers.</summary>
internal sealed class LogTail(int capacity = LogTail.DefaultCapacity)
{
    public const int DefaultCapacity = 16 * 1024;
    private readonly Lock gate = new();
    private readonly byte[] ring = new byte[capacity];
    private long written;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var kept = bytes.Length > ring.Length ? bytes[^ring.Length..] : bytes;
            written += bytes.Length - kept.Length;
            foreach (var value in kept)
            {
                ring[(int)(written++ % ring.Length)] = value;
            }
        }
    }

    /// <summary>The text that is kept, from its first whole line on.</summary>
    public override string ToString()
    {
        lock (gate)
        {
            if (written <= ring.Length)
            {
                return Encoding.UTF8.GetString(ring, 0, (int)written);
            }

            var start = (int)(written % ring.Length);
            byte[] ordered = [.. ring.AsSpan(start), .. ring.AsSpan(0, start)];
            var line = Array.IndexOf(ordered, (byte)'\n') + 1;
            return "…\n" + Encoding.UTF8.GetString(ordered.AsSpan(line < ordered.Length ? line : 0));
        }
    }
}
