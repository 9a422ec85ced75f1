using System.Text;

namespace Tuner.Core.Measurements;

/// <summary>Reads what <see cref="ColumnWriter"/> wrote, in the same order.</summary>
/// <remarks>Every method throws <see cref="FormatException"/> where the bytes end too early.</remarks>
internal sealed class ColumnReader(byte[] bytes)
{
    private int position;

    public long Number() => (long)HistogramCodec.ReadVariable(bytes, ref position);

    /// <summary>A number of things that follow, each of which takes room.</summary>
    public int Length(int limit = 10_000_000) => Number() is >= 0 and var length && length <= limit ? (int)length : throw new FormatException("The packed seconds hold a length that cannot be; they are damaged.");

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Length(bytes.Length - position);
        position += length;
        return bytes.AsSpan(position - length, length);
    }

    public long[] Column(int length, IReadOnlyList<long>? from)
    {
        var values = new long[length];
        for (var index = 0; index < length; index++)
        {
            var folded = (ulong)Number();
            values[index] = ((long)(folded >> 1) ^ -(long)(folded & 1)) + (from?[index] ?? (index == 0 ? 0 : values[index - 1]));
        }

        return values;
    }
}
