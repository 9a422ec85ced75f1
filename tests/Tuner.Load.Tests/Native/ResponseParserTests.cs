using System.Text;
using Tuner.Load.Native;

namespace Tuner.Load.Tests.Native;

public class ResponseParserTests
{
    private static readonly string[] Valid =
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200\r\nContent-Length:5\t\r\n\r\nhello",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nhe\r\n3 ;a=b\r\nllo\r\n000\r\nX: y\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 102 Wait\r\nContent-Length: 7\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh: 5\r\n\r\nhello",
    ];

    public static TheoryData<string> ValidAnswers => new(Valid);

    [Theory]
    [MemberData(nameof(ValidAnswers))]
    public void Reads_the_same_answer_however_it_is_split(string answer)
    {
        var bytes = Encoding.Latin1.GetBytes(answer);
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second += 3)
            {
                var (step, body, status) = Parse(bytes[..first], bytes[first..second], bytes[second..]);
                Assert.Equal((ParseStep.Complete, "hello", 200), (step, body, status));
            }
        }
    }

    [Theory]
    [InlineData("HTTP/2 200\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20\r\n\r\n")]
    [InlineData("HTTP/1.1 099 Low\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n")]
    public void Refuses_what_cannot_be_framed(string answer)
    {
        Assert.Equal(ParseStep.Invalid, Parse(Encoding.Latin1.GetBytes(answer)).Step);
    }

    [Fact]
    public void Refuses_headers_without_end()
    {
        var line = Encoding.Latin1.GetBytes("X-Padding: " + new string('x', 1000) + "\r\n");
        byte[][] pieces = [Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\n"), .. Enumerable.Repeat(line, 100)];

        Assert.Equal(ParseStep.Invalid, Parse(pieces).Step);
        Assert.Equal(ParseStep.Invalid, Parse([.. Enumerable.Repeat(new byte[1024], 100)]).Step);
    }

    [Fact]
    public void An_answer_to_HEAD_has_no_body_whatever_its_length_says()
    {
        var parser = default(ResponseParser);
        parser.Reset(head: true);
        ReadOnlySpan<byte> data = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"u8;

        Assert.Equal(ParseStep.Complete, parser.Read(ref data, out _));
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false)]
    public void Says_whether_the_connection_can_be_used_again(string answer, bool closes)
    {
        var parser = default(ResponseParser);
        parser.Reset(head: false);
        ReadOnlySpan<byte> data = Encoding.Latin1.GetBytes(answer);

        Assert.Equal(ParseStep.Complete, parser.Read(ref data, out _));
        Assert.Equal(closes, parser.Closes);
    }

    [Fact]
    public void Survives_any_garbage()
    {
        // Chance comes from a fixed seed. Valid answers are damaged, cut, doubled and mixed; nothing may throw or hang.
        var state = 12345UL;
        int Draw(int below)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            return (int)((state >> 33) % (ulong)below);
        }

        var outcomes = new HashSet<ParseStep>();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(Valid[Draw(Valid.Length)] + Valid[Draw(Valid.Length)])[..(20 + Draw(40))];
            for (var damage = Draw(4); damage > 0; damage--)
            {
                bytes[Draw(bytes.Length)] = (byte)Draw(256);
            }

            var cut = Draw(bytes.Length);
            outcomes.Add(Parse(bytes[..cut], bytes[cut..]).Step);
        }

        Assert.Equal([ParseStep.More, ParseStep.Complete, ParseStep.Invalid], outcomes.Order());
    }

    private static (ParseStep Step, string Body, int Status) Parse(params byte[][] pieces)
    {
        var parser = default(ResponseParser);
        parser.Reset(head: false);
        var text = new StringBuilder();
        var step = ParseStep.More;
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> data = piece;
            do
            {
                step = parser.Read(ref data, out var body);
                text.Append(Encoding.Latin1.GetString(body));
            }
            while (step == ParseStep.Body);

            if (step is ParseStep.Invalid)
            {
                break;
            }
        }

        return (step, text.ToString(), parser.Status);
    }
}
