using System.Collections.Immutable;

namespace Tuner.Core.Measurements;

/// <summary>What one replica got of the load, the warm-up aside: requests sent to it, and answers of any status from it.</summary>
/// <param name="Address">Host and port.</param>
public sealed record ReplicaRequests(string Address, long Sent, long Answered)
{
    /// <summary>A replica that answers so much more or less than the mean was not one of equals, and the candidate not what was measured.</summary>
    public const double MostImbalance = 0.2;

    /// <summary>The counts of several generators in one list.</summary>
    public static ImmutableArray<ReplicaRequests> Merge(IEnumerable<ImmutableArray<ReplicaRequests>> counts) =>
    [
        .. counts.Where(list => !list.IsDefault).SelectMany(list => list)
            .GroupBy(replica => replica.Address, StringComparer.Ordinal)
            .Select(group => new ReplicaRequests(group.Key, group.Sum(replica => replica.Sent), group.Sum(replica => replica.Answered))),
    ];

    /// <summary>The replica that is furthest from the mean, in words, where that is more than the most that is allowed; null otherwise.</summary>
    public static string? Imbalance(ImmutableArray<ReplicaRequests> replicas)
    {
        if (replicas.IsDefault || replicas.Length < 2 || replicas.Average(replica => replica.Answered) is not (> 0 and var mean))
        {
            return null;
        }

        var worst = replicas.MaxBy(replica => Math.Abs(replica.Answered - mean))!;
        var share = Math.Abs(worst.Answered - mean) / mean;

        // Requests take turns, so that a difference of one is the end of the round.
        return share > MostImbalance && Math.Abs(worst.Answered - mean) > 1
            ? $"replica {worst.Address} answered {worst.Answered} of {worst.Sent} requests, {share:P0} {(worst.Answered < mean ? "fewer" : "more")} than the mean of {mean:0}. Look at its node and its log"
            : null;
    }

    /// <summary>One line for readers; null where there are no counts.</summary>
    public static string? Describe(ImmutableArray<ReplicaRequests> replicas) => replicas.IsDefaultOrEmpty
        ? null
        : $"requests answered per replica: {string.Join(", ", replicas.Select(replica => $"{replica.Address} {replica.Answered}{(replica.Answered == replica.Sent ? "" : $" of {replica.Sent}")}"))}";
}
