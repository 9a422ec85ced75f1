using System.Numerics;
using Tuner.Core.Pricing;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>How many candidates a sweep has, how many of them this machine can hold, and what they cost. Memory does not grow with the space.</summary>
public sealed record SpaceTally
{
    /// <summary>Beyond so many steps the space is sampled instead of counted.</summary>
    private const long MaxSteps = 20_000_000;
    private const int Samples = 20_000;

    /// <summary>Combinations before conditions and constraints; null where a parameter takes any real number.</summary>
    public BigInteger? Combinations { get; init; }

    /// <summary>Candidates after conditions and constraints; null where there is no end of them. An estimate where <see cref="Counted"/> is false.</summary>
    public BigInteger? Candidates { get; init; }

    /// <summary>True where every candidate was seen; false where the numbers are shares of a sample.</summary>
    public bool Counted { get; init; }

    /// <summary>Candidates that this machine cannot hold, by reason; of the sample where not counted.</summary>
    public required IReadOnlyDictionary<string, long> Excluded { get; init; }

    /// <summary>Candidates (or sampled ones) that were looked at.</summary>
    public long Seen { get; init; }

    /// <summary>The first measurable candidate in the order of the space; null where there is none.</summary>
    public Candidate? First { get; init; }

    /// <summary>Prices per hour of the cheapest and the dearest candidate that can be measured; null where there is none.</summary>
    public decimal? Cheapest { get; init; }

    public decimal? Dearest { get; init; }

    public long ExcludedSeen => Excluded.Values.Sum();

    /// <summary>Candidates that can be measured; an estimate where <see cref="Counted"/> is false.</summary>
    public BigInteger? Measurable => Candidates is not { } all ? null
        : Counted || Seen == 0 ? all - ExcludedSeen
        : all * (Seen - ExcludedSeen) / Seen;

    public static SpaceTally Of(Sweep sweep, MachineCapacity machine)
    {
        if (sweep.Space.Listed is { } listed)
        {
            var list = new Tallying(sweep, machine);
            foreach (var candidate in listed)
            {
                list.Add(name => sweep.Space.Lookup(candidate, name), sweep.Space.InstanceOf(candidate), () => candidate);
            }

            return list.Result(listed.Length, listed.Length, counted: true);
        }

        return sweep.Space.IsFinite && Count(sweep, machine) is { } counted ? counted : Sample(sweep, machine);
    }

    private static SpaceTally? Count(Sweep sweep, MachineCapacity machine)
    {
        var tallying = new Tallying(sweep, machine);
        var cursor = new SpaceCursor(sweep.Space);
        while (cursor.Next(MaxSteps))
        {
            tallying.Add(cursor.Lookup, cursor.Instance, cursor.Candidate);
        }

        return cursor.Steps < MaxSteps ? tallying.Result(sweep.Space.Combinations, tallying.Seen, counted: true) : null;
    }

    private static SpaceTally Sample(Sweep sweep, MachineCapacity machine)
    {
        // A Weyl sequence spreads evenly and is the same every time: multiples of the powers of 1/phi of the space's dimension.
        var tallying = new Tallying(sweep, machine);
        var dimension = sweep.Space.Parameters.Length;
        var phi = 2.0;
        for (var round = 0; round < 50; round++)
        {
            phi = Math.Pow(1 + phi, 1.0 / (dimension + 1));
        }

        var point = new double[dimension];
        for (var index = 1; index <= Samples; index++)
        {
            for (var axis = 0; axis < dimension; axis++)
            {
                point[axis] = (0.5 + (index * Math.Pow(1 / phi, axis + 1))) % 1;
            }

            if (sweep.Space.At(point) is { } candidate)
            {
                tallying.Add(name => sweep.Space.Lookup(candidate, name), sweep.Space.InstanceOf(candidate), () => candidate);
            }
        }

        var combinations = sweep.Space.Combinations;
        return tallying.Result(combinations, combinations is { } all ? all * tallying.Seen / Samples : null, counted: false);
    }

    private sealed class Tallying(Sweep sweep, MachineCapacity machine)
    {
        private readonly SortedDictionary<string, long> excluded = new(StringComparer.Ordinal);
        private Candidate? first;
        private decimal? cheapest;
        private decimal? dearest;

        public long Seen { get; private set; }

        public void Add(Func<string, ParameterValue?> lookup, InstanceType? instance, Func<Candidate> candidate)
        {
            Seen++;
            if (!sweep.Measurement.AllowOvercommit && LocalFit.WhyNot(sweep, lookup, instance, machine) is { } reason)
            {
                excluded[reason] = excluded.GetValueOrDefault(reason) + 1;
                return;
            }

            first ??= candidate();
            var price = CandidateCost.PerHour(sweep.Cost, lookup, instance);
            cheapest = cheapest is { } low && low <= price ? low : price;
            dearest = dearest is { } high && high >= price ? high : price;
        }

        public SpaceTally Result(BigInteger? combinations, BigInteger? candidates, bool counted) => new()
        {
            Combinations = combinations,
            Candidates = candidates,
            Counted = counted,
            Excluded = excluded,
            Seen = Seen,
            First = first,
            Cheapest = cheapest,
            Dearest = dearest,
        };
    }
}
