using System.Collections.Immutable;
using Tuner.Core.Measurements;

namespace Tuner.Core.Tests.Measurements;

public class ReplicaRequestsTests
{
    [Fact]
    public void Several_generators_count_together()
    {
        var merged = ReplicaRequests.Merge([Counts(("a", 10, 9), ("b", 10, 10)), Counts(("b", 5, 5), ("c", 5, 4))]);

        Assert.Equal([new("a", 10, 9), new("b", 15, 15), new("c", 5, 4)], merged.AsEnumerable());
    }

    [Theory]
    [InlineData(100, 100, false)]
    [InlineData(100, 81, false)]
    [InlineData(100, 60, true)]
    [InlineData(1, 2, false)]
    [InlineData(0, 0, false)]
    public void More_than_a_fifth_from_the_mean_is_an_imbalance(long left, long right, bool imbalance) =>
        Assert.Equal(imbalance, ReplicaRequests.Imbalance(Counts(("a", 100, left), ("b", 100, right))) is not null);

    [Fact]
    public void An_imbalance_names_the_replica_and_its_numbers()
    {
        var told = ReplicaRequests.Imbalance(Counts(("10.0.0.7:80", 300, 300), ("10.0.0.8:80", 300, 300), ("10.0.0.9:80", 300, 90)));

        Assert.StartsWith("replica 10.0.0.9:80 answered 90 of 300 requests, 61", told, StringComparison.Ordinal);
        Assert.Null(ReplicaRequests.Imbalance(Counts(("a", 100, 3))));
    }

    [Fact]
    public void A_long_text_comes_in_pieces_and_is_whole_again()
    {
        var text = string.Concat(Enumerable.Range(0, MeasurementPack.MaxCharacters + 7).Select(index => (char)('a' + (index % 26))));

        var pieces = MeasurementPack.Pieces(text);

        Assert.Equal([MeasurementPack.MaxCharacters, 7], pieces.Select(piece => piece.Length));
        Assert.Equal(text, string.Concat(pieces));
    }

    private static ImmutableArray<ReplicaRequests> Counts(params (string Address, long Sent, long Answered)[] counts) => [.. counts.Select(count => new ReplicaRequests(count.Address, count.Sent, count.Answered))];
}
