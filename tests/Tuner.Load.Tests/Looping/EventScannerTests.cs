using System.Text;
using Tuner.Load.Looping;

namespace Tuner.Load.Tests.Looping;

public class EventScannerTests
{
    [Theory]
    [InlineData("data: a\n\n", 1)]
    [InlineData("data: a\r\n\r\ndata: b\r\nid: 1\r\n\r\n", 2)]
    [InlineData("event: x\ndata: a\ndata: b\n\n\n\n", 1)]
    [InlineData(": keep-alive\n\n: again\n\n", 0)]
    [InlineData("data: not finished\n", 0)]
    public void Counts_events_however_they_are_split(string text, int expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var scanner = default(EventScanner);
            Assert.Equal(expected, scanner.Scan(bytes.AsSpan(0, cut)) + scanner.Scan(bytes.AsSpan(cut)));
        }
    }
}
