using System.IO.Compression;

namespace Tuner.SampleModel.Model;

/// <summary>Labelled images of handwritten digits: 64 pixels each (8 x 8, by row), 0 white to 16 black, label 0 to 9.</summary>
internal sealed record DigitSet(byte[][] Images, int[] Labels)
{
    public const int Pixels = 64;
    public const int Darkest = 16;
    public const int Classes = 10;

    public int Count => Images.Length;

    /// <summary>Reads gzipped lines of 64 pixels and a label, comma separated; throws <see cref="InvalidDataException"/> naming the line.</summary>
    public static DigitSet Read(Stream gzip)
    {
        using var reader = new StreamReader(new GZipStream(gzip, CompressionMode.Decompress));
        var images = new List<byte[]>();
        var labels = new List<int>();
        while (reader.ReadLine() is { } line)
        {
            var values = line.Split(',');
            var label = 0;
            if (values.Length != Pixels + 1 || !int.TryParse(values[Pixels], out label) || label is < 0 or >= Classes)
            {
                throw new InvalidDataException($"line {images.Count + 1}: expected 64 pixels and a label from 0 to 9");
            }

            var image = new byte[Pixels];
            for (var i = 0; i < Pixels; i++)
            {
                if (!byte.TryParse(values[i], out image[i]) || image[i] > Darkest)
                {
                    throw new InvalidDataException($"line {images.Count + 1}: pixel {i + 1} is '{values[i]}', expected 0 to {Darkest}");
                }
            }

            images.Add(image);
            labels.Add(label);
        }

        return new DigitSet([.. images], [.. labels]);
    }

    /// <summary>Shuffles by seed and sets a quarter aside, which training never sees.</summary>
    public (DigitSet Train, DigitSet Test) Split(int seed)
    {
        var order = Enumerable.Range(0, Count).ToArray();
        new Random(seed).Shuffle(order);
        var test = Count / 4;
        return (Pick(order[test..]), Pick(order[..test]));
    }

    private DigitSet Pick(int[] indexes) => new([.. indexes.Select(i => Images[i])], [.. indexes.Select(i => Labels[i])]);
}
