using System.Buffers;
using System.Text;
using Tuner.SampleModel.Protocol;

namespace Tuner.SampleModel.Tests.Protocol;

public sealed class InferRequestReaderTests
{
    private static readonly string Zeros = string.Join(',', Enumerable.Repeat("0", 64));

    [Fact]
    public void Takes_flat_and_nested_data_alike()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 64).Select(i => i / 4.0));
        var flat = Read(Body($"[{numbers},{numbers}]", "[2,64]")).Request!;
        var nested = Read(Body($"[[{numbers}],[{numbers}]]", "[2,64]")).Request!;

        Assert.Equal(2, flat.Images.Rows);
        Assert.Equal(15.75f, flat.Images.Row(1)[63]);
        Assert.Equal(flat.Images.Row(1).ToArray(), nested.Images.Row(1).ToArray());
        Assert.True(flat is { WantsLabel: true, WantsProbabilities: true, Id: null });
    }

    [Fact]
    public void Takes_members_in_any_order_unknown_ones_too()
    {
        var body = $$"""
            {"parameters":{"a":[1,{"b":2}]},"outputs":[{"parameters":{},"name":"label"}],
             "inputs":[{"data":[{{Zeros}}],"parameters":{"x":1},"datatype":"FP32","shape":[1,64],"name":"image"}],"id":"é-7"}
            """;

        var request = Read(body).Request!;

        Assert.Equal("é-7", request.Id);
        Assert.True(request is { WantsLabel: true, WantsProbabilities: false, Images.Rows: 1 });
    }

    [Fact]
    public void Reads_a_body_that_came_in_pieces()
    {
        var bytes = Encoding.UTF8.GetBytes(Body($"[{Zeros}]"));
        var first = new Piece(bytes.AsMemory(0, 50), null);
        var last = first.Then(bytes.AsMemory(50, 41)).Then(bytes.AsMemory(91));

        Assert.NotNull(InferRequestReader.Read(new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length), 8).Request);
    }

    [Theory]
    [InlineData("", "the body is not valid JSON")]
    [InlineData("[]", "the body is not a JSON object")]
    [InlineData("{}", "inputs: missing")]
    [InlineData("{\"inputs\":[]}", "inputs: missing")]
    [InlineData("{\"inputs\":{}}", "inputs: not an array")]
    [InlineData("{\"inputs\":[3]}", "inputs: an element is not an object")]
    [InlineData("{\"id\":5}", "byte 6: a value of the wrong type (Number)")]
    [InlineData("{\"inputs\":[{}]}", "inputs: a tensor named ''")]
    [InlineData("{\"inputs\":[{\"name\":\"image\",\"datatype\":\"INT8\"}]}", "datatype: 'INT8'; this model takes FP32")]
    [InlineData("{\"outputs\":[{\"name\":\"logits\"}]}", "outputs: 'logits'")]
    public void Says_what_is_wrong(string body, string expected)
    {
        var (request, error) = Read(body);

        Assert.Null(request);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[0]", "[1,64]", "data: 1 values do not fill shape [1,64]")]
    [InlineData("[0]", "[64]", "shape: [64]; this model takes [n,64]")]
    [InlineData("[0]", "[0,64]", "shape: [0,64]; this model takes [n,64]")]
    [InlineData("[0]", "[1.5,64]", "shape: not a list of whole numbers")]
    [InlineData("[0]", "[9,64]", "shape: [9,64] has more than 8 images")]
    [InlineData("[0]", "[9223372036854775807,64]", "shape: [9223372036854775807,64] has more than 8 images")]
    [InlineData("[true]", "[1,64]", "byte ")]
    [InlineData("5", "[1,64]", "byte ")]
    public void Says_what_is_wrong_with_a_tensor(string data, string shape, string expected)
    {
        Assert.StartsWith(expected, Read(Body(data, shape)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_beyond_the_limit_are_refused_before_all_are_read()
    {
        var body = Body($"[{string.Join(',', Enumerable.Repeat(Zeros, 9))}]", "[8,64]");

        Assert.StartsWith("data: more than 8 images", Read(body).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_tensor_is_refused()
    {
        var tensor = $"{{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[1,64],\"data\":[{Zeros}]}}";

        Assert.StartsWith("inputs: more than one tensor", Read($"{{\"inputs\":[{tensor},{tensor}]}}").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_cut_of_a_good_body_is_taken_for_a_request()
    {
        var body = Body($"[{Zeros}]");
        for (var length = 0; length < body.Length; length++)
        {
            var (request, error) = Read(body[..length]);
            Assert.Null(request);
            Assert.NotNull(error);
        }
    }

    private static string Body(string data, string shape = "[1,64]") =>
        $"{{\"inputs\":[{{\"name\":\"image\",\"shape\":{shape},\"datatype\":\"FP32\",\"data\":{data}}}]}}";

    private static (InferRequest? Request, string? Error) Read(string body) =>
        InferRequestReader.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body)), 8);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
        }

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, this);
            Next = next;
            return next;
        }
    }
}
