using System.Collections.Immutable;

namespace Tuner.Core.Measurements;

/// <summary>
/// The seconds of a phase in little room, column by column so that they compress well: counts as differences, the phase's
/// own histogram of each series exactly, and how many of its requests each second (or each few) had in every coarse bucket.
/// Read back, the seconds add up to the phase's exact histograms.
/// </summary>
internal static class CoarseSeconds
{
    public static void Write(ColumnWriter target, PhaseMeasurement phase, Coarseness coarseness)
    {
        var seconds = phase.Seconds;
        target.Number(coarseness.BucketsPerOctave);
        target.Number(coarseness.Seconds);
        target.Number(coarseness.JoinsCounts ? 1 : 0);
        target.Number(seconds.Length);
        target.Column([.. seconds.Select((second, index) => (long)second.Index - index)], null);

        var blocks = Blocks([.. seconds.Select(second => second.Index)], coarseness.Seconds);
        var units = coarseness.JoinsCounts ? blocks : Blocks([.. seconds.Select(second => second.Index)], 1);
        long[] Sums(Func<SecondMeasurement, long> count) => [.. units.Select(unit => Enumerable.Range(unit.First, unit.Length).Sum(index => count(seconds[index])))];
        var (scheduled, succeeded) = (Sums(second => second.Scheduled), Sums(second => second.Succeeded));
        target.Column(scheduled, null);
        target.Column(succeeded, scheduled);
        target.Column(Sums(second => second.Pending), null);
        var kinds = Keys(seconds.SelectMany(second => second.Errors.Keys));
        target.Number(kinds.Length);
        foreach (var kind in kinds)
        {
            target.Text(kind);
            target.Column(Sums(second => second.Errors.GetValueOrDefault(kind)), null);
        }

        var names = Keys(seconds.SelectMany(second => second.Series.Keys));
        target.Number(names.Length);
        foreach (var name in names)
        {
            target.Text(name);
            target.Column(Sums(second => second.Series.GetValueOrDefault(name)?.Count ?? 0), succeeded);
            target.Bytes(HistogramCodec.Encode(phase.Series(name)));
            foreach (var group in Grouped(seconds, name, blocks, coarseness).Values)
            {
                target.Column(group, null);
            }
        }
    }

    /// <exception cref="FormatException">The bytes were not written by <see cref="Write"/>.</exception>
    public static ImmutableArray<SecondMeasurement> Read(ColumnReader source)
    {
        var coarseness = new Coarseness(source.Length(LatencyHistogram.BucketsPerOctave), source.Length(), source.Number() == 1);
        var count = source.Length();
        int[] indices = [.. source.Column(count, null).Select((value, index) => (int)(value + index))];
        var blocks = Blocks(indices, coarseness.Seconds);
        var units = coarseness.JoinsCounts ? blocks : Blocks(indices, 1);

        var scheduled = source.Column(units.Length, null);
        var succeeded = source.Column(units.Length, scheduled);
        var pending = Spread(source.Column(units.Length, null), units, count);
        var errors = new (string Kind, long[] Counts)[source.Length()];
        for (var kind = 0; kind < errors.Length; kind++)
        {
            errors[kind] = (source.Text(), Spread(source.Column(units.Length, null), units, count));
        }

        var series = new (string Name, LatencyHistogram?[] Histograms)[source.Length()];
        for (var name = 0; name < series.Length; name++)
        {
            var text = source.Text();
            var counts = Spread(source.Column(units.Length, succeeded), units, count);
            var total = HistogramCodec.Decode(source.Bytes());
            var groups = total.Buckets().Select(filled => coarseness.Group(filled.Bucket)).Distinct().Select(group => (group, source.Column(blocks.Length, null))).ToArray();
            series[name] = (text, FineSeconds.Of(total, groups, counts, blocks, coarseness));
        }

        var (due, answered) = (Spread(scheduled, units, count), Spread(succeeded, units, count));
        return
        [
            .. indices.Select((second, index) => new SecondMeasurement
            {
                Index = second,
                Scheduled = due[index],
                Succeeded = answered[index],
                Pending = pending[index],
                Errors = errors.Where(error => error.Counts[index] > 0).ToImmutableDictionary(error => error.Kind, error => error.Counts[index], StringComparer.Ordinal),
                Series = series.Where(item => item.Histograms[index] is not null).ToImmutableDictionary(item => item.Name, item => item.Histograms[index]!, StringComparer.Ordinal),
            }),
        ];
    }

    private static string[] Keys(IEnumerable<string> keys) => [.. keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Which seconds, by their place, share what is kept.</summary>
    private static (int First, int Length)[] Blocks(int[] indices, int seconds)
    {
        var blocks = new List<(int First, int Length)>();
        for (var index = 0; index < indices.Length; index++)
        {
            if (index > 0 && indices[index] / seconds == indices[index - 1] / seconds)
            {
                blocks[^1] = (blocks[^1].First, blocks[^1].Length + 1);
            }
            else
            {
                blocks.Add((index, 1));
            }
        }

        return [.. blocks];
    }

    /// <summary>For every coarse bucket in ascending order, the requests of each block.</summary>
    private static SortedDictionary<int, long[]> Grouped(ImmutableArray<SecondMeasurement> seconds, string series, (int First, int Length)[] blocks, Coarseness coarseness)
    {
        var groups = new SortedDictionary<int, long[]>();
        foreach (var (number, block) in blocks.Index())
        {
            for (var index = block.First; index < block.First + block.Length; index++)
            {
                foreach (var (bucket, count) in seconds[index].Series.GetValueOrDefault(series)?.Buckets() ?? [])
                {
                    var group = coarseness.Group(bucket);
                    if (!groups.TryGetValue(group, out var counts))
                    {
                        counts = groups[group] = new long[blocks.Length];
                    }

                    counts[number] += count;
                }
            }
        }

        return groups;
    }

    /// <summary>What several seconds have together, in even parts.</summary>
    private static long[] Spread(long[] sums, (int First, int Length)[] units, int count)
    {
        if (sums.Length == count)
        {
            return sums;
        }

        var spread = new long[count];
        foreach (var (sum, unit) in sums.Zip(units))
        {
            for (var index = 0; index < unit.Length; index++)
            {
                spread[unit.First + index] = (sum * (index + 1) / unit.Length) - (sum * index / unit.Length);
            }
        }

        return spread;
    }
}
