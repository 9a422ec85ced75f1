using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Cli.Suggesting;

/// <summary>A <c>task</c> message as a search problem: its configurations are the only candidates there are.</summary>
internal sealed record AskTellTask
{
    public required SearchProblem Problem { get; init; }

    /// <summary>The candidate of each id in the message.</summary>
    public required ImmutableDictionary<int, Candidate> Candidates { get; init; }

    /// <summary>The metric that each SLO judges, in the order of the problem's SLOs.</summary>
    public required ImmutableArray<string> Metrics { get; init; }

    /// <summary>The metric that is minimized, where each trial measures it; null where the cost per hour is.</summary>
    public string? Minimized { get; init; }

    public static AskTellTask Read(JsonElement message)
    {
        var parameters = message.GetProperty("params").EnumerateArray().ToArray();
        var (minimized, basis) = ObjectiveOf(message);
        var candidates = ImmutableDictionary.CreateBuilder<int, Candidate>();
        var costs = new Dictionary<Candidate, double>();
        var listed = ImmutableArray.CreateBuilder<Candidate>();
        foreach (var config in message.GetProperty("configs").EnumerateArray())
        {
            var candidate = CandidateOf(parameters, config.GetProperty("params"));
            candidates[config.GetProperty("id").GetInt32()] = candidate;
            if (costs.TryAdd(candidate, CostOf(config, basis)))
            {
                listed.Add(candidate);
            }
        }

        var constraints = message.GetProperty("constraints").EnumerateArray().ToArray();
        var task = new AskTellTask
        {
            Candidates = candidates.ToImmutable(),
            Metrics = [.. constraints.Select(constraint => constraint.GetProperty("metric").GetString()!)],
            Minimized = minimized,
            Problem = new SearchProblem
            {
                Space = new SearchSpace { Parameters = [.. parameters.Select(ParameterOf)], Listed = listed.ToImmutable() },
                CostPerHour = candidate => costs[candidate],
                Objective = basis,
                Slos = [.. constraints.Select(SloOf)],
                Seed = message.TryGetProperty("seed", out var seed) ? seed.GetInt32() : 0,
                Hints = parameters.ToImmutableDictionary(parameter => parameter.GetProperty("name").GetString()!, HintOf),
                AllowRepeats = true,
            },
        };
        return task with { Problem = task.Problem with { History = HistoryOf(message, parameters, task) } };
    }

    /// <summary>A trial's metrics as the strategy reads them: ln of how far each SLO is missed, NaN where the metric is missing; what is minimized.</summary>
    public Observation.Measured Observe(Candidate candidate, JsonElement metrics) => new(
        candidate,
        [.. Metrics.Select((name, index) => NumberOf(metrics, name) is { } value ? Problem.Slos[index].LogViolation(value) : double.NaN)])
    {
        Objective = Minimized is null ? null : NumberOf(metrics, Minimized),
    };

    private static double? NumberOf(JsonElement metrics, string name) =>
        metrics.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>Without <c>objective</c> the cost per hour is minimized, and known.</summary>
    private static (string? Minimized, ObjectiveBasis Basis) ObjectiveOf(JsonElement message) =>
        !message.TryGetProperty("objective", out var objective) || objective.ValueKind == JsonValueKind.Null
            ? (null, ObjectiveBasis.Known)
            : (objective.GetProperty("metric").GetString(), objective.TryGetProperty("price_is_factor", out var factor) && factor.GetBoolean()
                ? ObjectiveBasis.MeasuredPerPrice
                : ObjectiveBasis.Measured);

    /// <summary>The price matters unless something that is measured, and does not hold it, is minimized.</summary>
    private static double CostOf(JsonElement config, ObjectiveBasis basis) =>
        basis is ObjectiveBasis.Measured && !config.TryGetProperty("cost_per_hour", out _)
            ? 0
            : config.TryGetProperty("cost_per_hour", out var cost)
                ? cost.GetDouble()
                : throw new FormatException($"configs[{config.GetProperty("id").GetInt32()}].cost_per_hour is missing. Add it, or name an objective that does not hold the price.");

    /// <summary>Earlier workloads may have had other parameters: their trials say nothing here, and are left out.</summary>
    private static ImmutableArray<ImmutableArray<Observation>> HistoryOf(JsonElement message, JsonElement[] parameters, AskTellTask task) =>
        message.TryGetProperty("history", out var sweeps)
            ? [.. sweeps.EnumerateArray().Select(sweep => sweep.GetProperty("trials").EnumerateArray()
                .Where(trial => parameters.All(parameter => trial.GetProperty("params").TryGetProperty(parameter.GetProperty("name").GetString()!, out _)))
                .Select(Observation (trial) => task.Observe(CandidateOf(parameters, trial.GetProperty("params")), trial.GetProperty("metrics")))
                .ToImmutableArray())]
            : [];

    private static Candidate CandidateOf(JsonElement[] parameters, JsonElement values) => new(parameters.Select(parameter =>
    {
        var name = parameter.GetProperty("name").GetString()!;
        return KeyValuePair.Create(name, ValueOf(values.GetProperty(name)));
    }));

    private static Parameter ParameterOf(JsonElement parameter) => new CategoricalParameter(
        parameter.GetProperty("name").GetString()!,
        [.. parameter.GetProperty("values").EnumerateArray().Select(ValueOf)]);

    private static ParameterValue ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => ParameterValue.Of(value.GetDouble().ToString("R", CultureInfo.InvariantCulture)),
        JsonValueKind.String => ParameterValue.Of(value.GetString()!),
        _ => ParameterValue.Of(value.GetRawText()),
    };

    private static Slo SloOf(JsonElement constraint)
    {
        var metric = constraint.GetProperty("metric").GetString()!;
        var (bound, limit) = (constraint.GetProperty("op").GetString(), constraint.GetProperty("limit").GetDouble());
        return new Slo
        {
            Text = $"{metric} {bound} {limit.ToString(CultureInfo.InvariantCulture)}",
            Metric = metric == "error_rate" ? new ErrorRateMetric() : new MeanMetric(metric),
            Bound = bound == ">=" ? Bound.AtLeast : Bound.AtMost,
            Limit = limit,
        };
    }

    private static ParameterHint HintOf(JsonElement parameter) => new()
    {
        MoreIsFaster = parameter.TryGetProperty("more_is_faster", out var faster) && faster.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? faster.GetBoolean()
            : null,
        Attributes = parameter.TryGetProperty("attributes", out var attributes)
            ? attributes.EnumerateObject().ToImmutableDictionary(
                value => value.Name,
                value => value.Value.EnumerateObject().Where(number => number.Value.ValueKind == JsonValueKind.Number)
                    .ToImmutableDictionary(number => number.Name, number => number.Value.GetDouble()))
            : ImmutableDictionary<string, ImmutableDictionary<string, double>>.Empty,
    };
}
