using System.Text;

namespace Tuner.Core.Measurements;

/// <summary>Numbers of a table, column by column, as variable-length integers: small differences are small.</summary>
internal sealed class ColumnWriter
{
    private readonly List<byte> bytes = [];

    public byte[] ToArray() => [.. bytes];

    public void Number(long value) => HistogramCodec.WriteVariable(bytes, (ulong)value);

    public void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    public void Bytes(byte[] value)
    {
        Number(value.Length);
        bytes.AddRange(value);
    }

    /// <summary>Each as its difference from the other column, or from the number before where there is none.</summary>
    public void Column(IReadOnlyList<long> values, IReadOnlyList<long>? from)
    {
        for (var index = 0; index < values.Count; index++)
        {
            var difference = values[index] - (from?[index] ?? (index == 0 ? 0 : values[index - 1]));
            Number((difference << 1) ^ (difference >> 63));
        }
    }
}
