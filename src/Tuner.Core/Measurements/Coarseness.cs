using System.Collections.Immutable;
using System.Globalization;

namespace Tuner.Core.Measurements;

/// <summary>
/// How coarsely single seconds are kept where a measurement has little room. What a whole phase says (every quantile, its
/// mean, its slowest request, its counts) stays exact; coarse is only which second what happened in.
/// </summary>
/// <param name="BucketsPerOctave">In which latencies are told apart within a second: a power of two, up to 512.</param>
/// <param name="Seconds">So many seconds share one histogram; each gets its part of it by its number of requests.</param>
/// <param name="JoinsCounts">Also the numbers of requests, answers and errors are those of so many seconds, shared out evenly.</param>
internal sealed record Coarseness(int BucketsPerOctave, int Seconds, bool JoinsCounts)
{
    /// <summary>From the least coarse to what holds days of any load.</summary>
    public static readonly ImmutableArray<Coarseness> Ladder =
    [
        new(64, 1, false), new(32, 1, false), new(16, 1, false), new(8, 1, false),
        new(8, 2, false), new(8, 4, false), new(8, 8, false), new(8, 16, false), new(8, 32, false),
        new(8, 32, true), new(8, 128, true), new(8, 512, true), new(8, 2048, true),
    ];

    public string Note => string.Create(CultureInfo.InvariantCulture, $"so that it fits into its workflow, this measurement tells latencies apart by {BucketsPerOctave} steps an octave in {(Seconds == 1 ? "each second" : $"every {Seconds} seconds")}{(JoinsCounts ? ", counts too" : "")}; what whole phases say is exact");

    /// <summary>The histogram's bucket in coarse ones.</summary>
    public int Group(int bucket) => bucket >> Shift;

    private int Shift => int.Log2(LatencyHistogram.BucketsPerOctave / BucketsPerOctave);
}
