using System.Buffers.Binary;
using System.IO.Compression;

namespace Tuner.Core.Measurements;

/// <summary>
/// The compact form of a histogram, exact in both directions: one byte of format, then sum (16 bytes), min and max
/// (8 bytes each, little endian), then for each filled bucket the distance from the one before and its count, both as
/// variable-length integers; the whole deflated where that is shorter.
/// </summary>
public static class HistogramCodec
{
    private const byte Plain = 1;
    private const byte Deflated = 2;
    private const int FixedBytes = 32;

    public static byte[] Encode(LatencyHistogram histogram)
    {
        var header = new byte[FixedBytes];
        var (sum, min, max) = histogram.Exact;
        BinaryPrimitives.WriteInt128LittleEndian(header, sum);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), min);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), max);
        byte[] plain = [.. header, .. WriteBuckets(histogram.Buckets())];
        var deflated = Deflate(plain);
        return deflated.Length < plain.Length ? [Deflated, .. deflated] : [Plain, .. plain];
    }

    /// <exception cref="FormatException">The bytes are not a histogram of this format.</exception>
    public static LatencyHistogram Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length == 0 || encoded[0] is not (Plain or Deflated))
        {
            throw new FormatException("The histogram has an unknown format. It was written by a newer version, or it is damaged.");
        }

        var plain = encoded[0] == Deflated ? Inflate(encoded[1..].ToArray()) : encoded[1..].ToArray();
        if (plain.Length < FixedBytes)
        {
            throw new FormatException("The histogram ends before its header does; it is damaged.");
        }

        var sum = BinaryPrimitives.ReadInt128LittleEndian(plain);
        var min = BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(16));
        var max = BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(24));
        return LatencyHistogram.Restore(ReadBuckets(plain, FixedBytes), sum, min, max);
    }

    /// <summary>Filled buckets in ascending order as bytes: the form without its header.</summary>
    internal static byte[] WriteBuckets(IEnumerable<(int Bucket, long Count)> buckets)
    {
        var plain = new List<byte>(256);
        var previous = -1;
        foreach (var (bucket, count) in buckets)
        {
            WriteVariable(plain, (ulong)(bucket - previous));
            WriteVariable(plain, (ulong)count);
            previous = bucket;
        }

        return [.. plain];
    }

    internal static IEnumerable<(int Bucket, long Count)> ReadBuckets(byte[] plain, int position = 0)
    {
        long bucket = -1;
        while (position < plain.Length)
        {
            bucket += (long)ReadVariable(plain, ref position);
            var count = (long)ReadVariable(plain, ref position);
            yield return ((int)Math.Clamp(bucket, -1, int.MaxValue), count);
        }
    }

    internal static void WriteVariable(List<byte> target, ulong value)
    {
        while (value >= 0x80)
        {
            target.Add((byte)(value | 0x80));
            value >>= 7;
        }

        target.Add((byte)value);
    }

    internal static ulong ReadVariable(byte[] source, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= source.Length)
            {
                throw new FormatException("The histogram ends in the middle of a number; it is damaged.");
            }

            var next = source[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("The histogram holds a number that is too long; it is damaged.");
    }

    private static byte[] Deflate(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var deflate = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(plain);
        }

        return target.ToArray();
    }

    private static byte[] Inflate(byte[] deflated)
    {
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(deflated), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            inflate.CopyTo(plain);
            return plain.ToArray();
        }
        catch (InvalidDataException exception)
        {
            throw new FormatException($"The histogram cannot be decompressed ({exception.Message}); it is damaged.", exception);
        }
    }
}
