using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Testing.SearchTasks;

/// <summary>
/// Generates tasks of one kind: each number gives another service, with other constants, prices and limits. They are for
/// developing search on; what is reported is measured elsewhere.
/// </summary>
public abstract class SearchTaskFamily
{
    public abstract string Name { get; }

    /// <summary>The task of that number; draws until some candidates meet the SLOs, but not most.</summary>
    public SearchTask Task(int number)
    {
        for (var attempt = 0; ; attempt++)
        {
            var random = new Random(unchecked((number * 1_000_003) + (attempt * 7_919) + Name.Sum(letter => letter * 31)));
            var draft = Draw(random);
            var tightness = 0.03 + (0.45 * random.NextDouble());
            var limits = draft.Metrics.Select((metric, index) => Limit(draft, index, tightness, random)).ToArray();
            var violations = draft.Rows.Select(row => row.Values.Select((value, index) => draft.Metrics[index].Slo(limits[index]).LogViolation(value)).ToArray()).ToArray();
            var feasible = violations.Count(z => z.All(value => value <= 0)) / (double)violations.Length;
            if (feasible is > 0.01 and < 0.5)
            {
                return new SearchTask($"{Name}-{number}", Problem(draft, limits, number), violations, [.. draft.Metrics.Select(metric => metric.Noise)]);
            }
        }
    }

    protected abstract TaskDraft Draw(Random random);

    protected static double Between(Random random, double low, double high) => low + ((high - low) * random.NextDouble());

    protected static double LogBetween(Random random, double low, double high) => low * Math.Pow(high / low, random.NextDouble());

    protected static double Normal(Random random, double deviation) => deviation * SearchTask.Gauss(random);

    private static double Limit(TaskDraft draft, int metric, double tightness, Random random)
    {
        var of = draft.Metrics[metric];
        if (of.FixedLimit is { } limit)
        {
            return limit;
        }

        // A limit is set among the candidates that serve at all: a timeout or a crash is nobody's objective.
        var serving = draft.Rows.Where(row => draft.Metrics.Zip(row.Values).All(pair => pair.First.FixedLimit is not { } fixedLimit || pair.Second <= fixedLimit));
        var values = serving.Select(row => row.Values[metric]).Order().ToArray();
        if (values.Length == 0)
        {
            return double.NaN;
        }

        var share = Math.Clamp(tightness * LogBetween(random, 1, 3), 0.01, 0.9);
        var value = values[(int)((of.Bound is Bound.AtMost ? share : 1 - share) * (values.Length - 1))];

        // Throughput ends at what is offered; an objective asks for a little less.
        return of.Bound is Bound.AtMost ? value : Math.Min(value, 0.95 * values[^1]);
    }

    private static SearchProblem Problem(TaskDraft draft, double[] limits, int seed)
    {
        var candidates = draft.Rows.Select(row => new Candidate(draft.Axes.Select((axis, index) => KeyValuePair.Create(axis.Name, row.Setting[index])))).ToImmutableArray();
        var costs = candidates.Zip(draft.Rows).ToDictionary(pair => pair.First, pair => pair.Second.Cost);
        return new SearchProblem
        {
            Space = new SearchSpace
            {
                Parameters = [.. draft.Axes.Select(Parameter (axis) => new CategoricalParameter(axis.Name, axis.Values))],
                Listed = candidates,
            },
            CostPerHour = candidate => costs[candidate],
            Slos = [.. draft.Metrics.Select((metric, index) => metric.Slo(limits[index]))],
            Seed = seed,
            Hints = draft.Axes.ToImmutableDictionary(axis => axis.Name, axis => axis.Hint),
            AllowRepeats = true,
        };
    }
}

/// <summary>One parameter of a generated task.</summary>
public sealed record TaskAxis(string Name, ImmutableArray<ParameterValue> Values, ParameterHint Hint)
{
    public static TaskAxis Ordered(string name, bool? moreIsFaster, params double[] values) =>
        new(name, [.. values.Select(ParameterValue.Of)], new ParameterHint { MoreIsFaster = moreIsFaster });
}

/// <summary>One metric of a generated task, with the noise of ln(value).</summary>
public sealed record TaskMetric(string Name, Bound Bound, double Noise, double? FixedLimit = null)
{
    public Slo Slo(double limit) => new()
    {
        Text = $"{Name} {(Bound is Bound.AtMost ? "<=" : ">=")} {limit:G4}",
        Metric = Name == "error_rate" ? new ErrorRateMetric() : new MeanMetric(Name),
        Bound = Bound,
        Limit = limit,
    };
}

/// <summary>One configuration: its setting by axis, its cost per hour, its true value by metric.</summary>
public sealed record TaskRow(ImmutableArray<ParameterValue> Setting, double Cost, ImmutableArray<double> Values);

/// <summary>A generated service before its limits are set.</summary>
public sealed record TaskDraft(ImmutableArray<TaskAxis> Axes, ImmutableArray<TaskMetric> Metrics, ImmutableArray<TaskRow> Rows)
{
    /// <summary>The product of the axes, in order; a row that the function leaves out is not offered.</summary>
    public static TaskDraft Product(ImmutableArray<TaskAxis> axes, ImmutableArray<TaskMetric> metrics, Func<ImmutableArray<ParameterValue>, TaskRow?> evaluate)
    {
        IEnumerable<ImmutableArray<ParameterValue>> settings = [[]];
        foreach (var axis in axes)
        {
            settings = settings.SelectMany(setting => axis.Values.Select(setting.Add));
        }

        return new TaskDraft(axes, metrics, [.. settings.Select(evaluate).OfType<TaskRow>()]);
    }
}
