using System.Text.Json;
using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Protocol;

/// <summary>The shape and the numbers of a tensor as they come in, up to a number of images.</summary>
internal struct TensorNumbers(int maxImages)
{
    private float[] values = new float[DigitSet.Pixels];

    /// <summary>Numbers read.</summary>
    public int Count { get; private set; }

    public readonly Matrix<float> Images => new(values, 0, Count / DigitSet.Pixels, DigitSet.Pixels, DigitSet.Pixels);

    /// <summary>Returns the shape as text (null when it is not a list of whole numbers) and its rows: zero when it is not [n,64].</summary>
    public static (string? Text, long Rows) ReadShape(ref Utf8JsonReader json)
    {
        const int MostDimensions = 8;
        var sizes = new List<long>();
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
        {
            return (null, 0);
        }

        while (json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var size) && sizes.Count < MostDimensions)
        {
            sizes.Add(size);
        }

        if (json.TokenType != JsonTokenType.EndArray)
        {
            return (null, 0);
        }

        return ($"[{string.Join(',', sizes)}]", sizes is [var rows, DigitSet.Pixels] ? rows : 0);
    }

    /// <summary>Reads numbers in one array or in nested ones; false when there are too many.</summary>
    public bool ReadData(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidOperationException("data is not an array");
        }

        var depth = 1;
        while (depth > 0 && json.Read())
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartArray:
                    depth++;
                    break;
                case JsonTokenType.EndArray:
                    depth--;
                    break;
                case var _ when !Add(json.GetSingle()):
                    return false;
            }
        }

        return true;
    }

    private bool Add(float value)
    {
        if (Count == values.Length)
        {
            var most = (int)Math.Min(maxImages * (long)DigitSet.Pixels, Array.MaxLength);
            if (Count >= most)
            {
                return false;
            }

            Array.Resize(ref values, (int)Math.Min(Count * 2L, most));
        }

        values[Count++] = value;
        return true;
    }
}
