using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Search.Bayesian;

/// <summary>
/// The candidates as numbers. Kernel columns say how alike two candidates are (scaled to about [0, 1]); trend columns are
/// centred logarithms along which ln z is expected to rise or fall, each with a prior for its slope.
/// </summary>
internal sealed class FeatureTable
{
    /// <summary>Two values of a category are this far from 0.5 x sqrt(2) apart, less than the ends of an ordered parameter.</summary>
    private const float OneHot = 0.5f;

    /// <summary>Attributes inform, but less than the parameter that is set directly.</summary>
    private const float AttributeScale = 0.7f;

    private readonly List<float[]> kernel = [];
    private readonly List<float[]> trend = [];
    private readonly List<SlopePrior> slopes = [];

    private FeatureTable(int count) => Count = count;

    public int Count { get; }

    /// <summary>One array a column, each with a value a candidate.</summary>
    public IReadOnlyList<float[]> Kernel => kernel;

    public IReadOnlyList<float[]> Trend => trend;

    public IReadOnlyList<SlopePrior> Slopes => slopes;

    /// <summary>The kernel column of ln(cost), or -1.</summary>
    public int CostColumn => slopes.Contains(SlopePrior.Cost) ? kernel.Count - 1 : -1;

    public static FeatureTable Of(SearchProblem problem, CandidatePool pool)
    {
        var table = new FeatureTable(pool.Count);
        foreach (var parameter in problem.Space.Parameters)
        {
            var values = pool.Candidates.Select(candidate => candidate[parameter.Name]).ToArray();
            var hint = problem.Hints.GetValueOrDefault(parameter.Name) ?? new ParameterHint { MoreIsFaster = RaisesCost(parameter, pool) };
            if (values.All(value => value.Number is not null))
            {
                table.AddOrdered([.. values.Select(value => value.Number!.Value)], 1, SlopePrior.Of(hint.MoreIsFaster));
            }
            else
            {
                table.AddCategory(values);
                table.AddAttributes(values, AttributesOf(parameter, problem, hint));
            }
        }

        table.AddCost(pool.Cost);
        return table;
    }

    /// <summary>
    /// What cost says of a parameter without a hint: true where a larger value always costs more, all else equal, since
    /// hardly anyone would offer that for less speed. Null where cost does not tell.
    /// </summary>
    private static bool? RaisesCost(Parameter parameter, CandidatePool pool)
    {
        if (parameter is CategoricalParameter { Values: var values } && values.Any(value => value.Number is null))
        {
            return null;
        }

        var steps = 0;
        foreach (var line in Enumerable.Range(0, pool.Count).GroupBy(id => OtherValues(pool.Candidates[id], parameter.Name), StringComparer.Ordinal))
        {
            var ordered = line.OrderBy(id => pool.Candidates[id][parameter.Name].Number).ToArray();
            for (var place = 1; place < ordered.Length; place++, steps++)
            {
                if (pool.Cost[ordered[place]] <= pool.Cost[ordered[place - 1]])
                {
                    return null;
                }
            }
        }

        return steps > 0 ? true : null;
    }

    private static string OtherValues(Candidate candidate, string except) =>
        string.Join(' ', candidate.Values.Where(pair => pair.Key != except).Select(pair => pair.Value.Text));

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> AttributesOf(
        Parameter parameter, SearchProblem problem, ParameterHint hint)
    {
        var attributes = hint.Attributes.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<string, double>)pair.Value);
        if (parameter.Name == SearchSpace.InstanceTypeParameter)
        {
            foreach (var (name, instance) in problem.Space.Instances)
            {
                attributes.TryAdd(name, new Dictionary<string, double>
                {
                    ["vcpus"] = instance.Vcpus,
                    ["memory"] = instance.MemoryGib,
                    ["accelerators"] = instance.AcceleratorCount,
                });
            }
        }

        return attributes;
    }

    private void AddOrdered(double[] values, float scale, SlopePrior slope)
    {
        // A doubling matters about as much anywhere on a positive scale; where zero is a value, only differences can be compared.
        var logs = values.All(value => value > 0) ? Array.ConvertAll(values, Math.Log) : Linear(values);
        var (low, high) = (logs.Min(), logs.Max());
        if (high - low < 1e-12)
        {
            return;
        }

        var mean = logs.Average();
        kernel.Add(Array.ConvertAll(logs, value => (float)((value - low) / (high - low)) * scale));
        trend.Add(Array.ConvertAll(logs, value => (float)(value - mean)));
        slopes.Add(slope);
    }

    /// <summary>A range with zero in it counts as one doubling from end to end.</summary>
    private static double[] Linear(double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        return high > low ? Array.ConvertAll(values, value => (value - low) / (high - low) * Math.Log(2)) : values;
    }

    private void AddCategory(ParameterValue[] values)
    {
        var texts = values.Select(value => value.Text).Distinct().ToArray();
        if (texts.Length < 2)
        {
            return;
        }

        foreach (var text in texts)
        {
            kernel.Add(Array.ConvertAll(values, value => value.Text == text ? OneHot : 0));
        }
    }

    private void AddAttributes(ParameterValue[] values, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> attributes)
    {
        var names = attributes.Values.SelectMany(of => of.Keys).Distinct().Order(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var numbers = values.Select(value => attributes.GetValueOrDefault(value.Text)?.GetValueOrDefault(name) ?? 0).ToArray();
            if (numbers.All(number => number > 0))
            {
                AddOrdered(numbers, AttributeScale, SlopePrior.Attribute);
            }
        }
    }

    private void AddCost(double[] cost)
    {
        if (cost.All(value => value > 0) && cost.Max() > cost.Min())
        {
            AddOrdered(cost, 1, SlopePrior.Cost);
        }
    }
}

/// <summary>What is believed of d ln z / d ln v before anything is measured: a normal distribution.</summary>
internal sealed record SlopePrior(double Mean, double Deviation)
{
    /// <summary>Dearer is usually faster; only every second particle believes it, since it repeats what the parameters say.</summary>
    public static readonly SlopePrior Cost = new(-0.25, 0.3);

    public static readonly SlopePrior Attribute = new(-0.3, 0.3);

    /// <summary>-1 would be perfect scaling; real systems scale worse.</summary>
    public static SlopePrior Of(bool? moreIsFaster) => moreIsFaster switch
    {
        true => new SlopePrior(-0.6, 0.4),
        false => new SlopePrior(0.6, 0.4),
        null => new SlopePrior(0, 0.45),
    };
}
