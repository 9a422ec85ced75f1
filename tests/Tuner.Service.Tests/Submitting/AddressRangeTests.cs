using System.Net;
using Tuner.Service.Submitting;

namespace Tuner.Service.Tests.Submitting;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3:80", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1:80", false)]
    [InlineData("10.1.0.0/16:8000", "10.1.2.3:8000", true)]
    [InlineData("10.1.0.0/16:8000", "10.1.2.3:22", false)]
    [InlineData("10.1.2.3", "10.1.2.3:1", true)]
    [InlineData("10.1.2.3", "10.1.2.4:1", false)]
    [InlineData("10.1.2.3:8000", "10.1.2.3:8000", true)]
    [InlineData("fd00::/8", "[fd12::1]:80", true)]
    [InlineData("[fd00::]/8:443", "[fd12::1]:443", true)]
    [InlineData("[fd00::]/8:443", "[fd12::1]:80", false)]
    [InlineData("::1", "[::1]:80", true)]
    [InlineData("10.1.0.0/16", "[::ffff:10.1.2.3]:80", true)]
    [InlineData("127.0.0.0/8", "169.254.169.254:80", false)]
    public void An_address_is_within_its_network_and_port(string range, string endpoint, bool expected) =>
        Assert.Equal(expected, AddressRange.Parse(range)!.Contains(IPEndPoint.Parse(endpoint)));

    [Theory]
    [InlineData("model.example")]
    [InlineData("localhost:80")]
    [InlineData("10.1.0.0/33")]
    [InlineData("10.1.2.3:99999")]
    [InlineData("")]
    public void A_name_or_nonsense_is_no_range(string text) => Assert.Null(AddressRange.Parse(text));
}
