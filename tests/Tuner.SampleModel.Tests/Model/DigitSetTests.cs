using System.IO.Compression;
using System.Text;
using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Tests.Model;

public sealed class DigitSetTests
{
    [Fact]
    public void The_shipped_data_are_the_1797_images_of_the_uci_test_set()
    {
        var data = ShippedModel.ReadData();

        Assert.Equal(1797, data.Count);
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], Enumerable.Range(0, 10).Select(c => data.Labels.Count(l => l == c)));
    }

    [Fact]
    public void A_split_uses_every_image_once_and_sets_a_quarter_aside()
    {
        var data = ShippedModel.ReadData();

        var (train, test) = data.Split(7);

        Assert.Equal(data.Count / 4, test.Count);
        Assert.Equal(data.Images.ToHashSet(ReferenceEqualityComparer.Instance), train.Images.Concat(test.Images).ToHashSet(ReferenceEqualityComparer.Instance));
        Assert.Equal(data.Count, train.Count + test.Count);
    }

    [Theory]
    [InlineData("1,2,3", "line 1: expected 64 pixels and a label")]
    [InlineData("{pixels},12", "line 1: expected 64 pixels and a label")]
    [InlineData("{bad},3", "line 1: pixel 64 is '17', expected 0 to 16")]
    public void A_line_that_is_no_image_is_named(string line, string expected)
    {
        var zeros = string.Join(',', Enumerable.Repeat("0", 63));
        var text = line.Replace("{pixels}", zeros + ",0", StringComparison.Ordinal).Replace("{bad}", zeros + ",17", StringComparison.Ordinal);
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        stream.Position = 0;

        Assert.StartsWith(expected, Assert.Throws<InvalidDataException>(() => DigitSet.Read(stream)).Message, StringComparison.Ordinal);
    }
}
