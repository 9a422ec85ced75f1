using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Tuner.Core.Definitions;

namespace Tuner.Core.Slos;

/// <summary>
/// Reads an SLO as it is written: <c>p99 latency &lt;= 100ms</c>, <c>p99.9 latency &lt;= 1s in peak</c>,
/// <c>mean latency &lt;= 20ms</c>, <c>error rate &lt;= 1%</c>, <c>throughput &gt;= 240/s in peak</c>, <c>total time &lt;= 10m</c>
/// (whose number of requests is the load's to say), <c>memory &lt;= 2GiB</c>, <c>cpu &lt;= 1.5</c> (cores); and any of these but
/// the error rate against today's configuration: <c>p99 latency &lt;= 1.10 x baseline</c>, <c>throughput &gt;= 95% of baseline</c>.
/// </summary>
public static partial class SloSentence
{
    private const string Examples = "Write it like p99 latency <= 100ms, mean latency <= 20ms, error rate <= 1%, or throughput >= 240/s in peak.";

    public static bool TryRead(string text, [NotNullWhen(true)] out Slo? slo, [NotNullWhen(false)] out string? problem) => TryRead(text, [], out slo, out problem);

    /// <param name="text">The objective as it is written.</param>
    /// <param name="reported">Names of numbers that the target reports, such as <c>accuracy</c> in <c>accuracy &gt;= 0.92</c>.</param>
    /// <param name="slo">The objective.</param>
    /// <param name="problem">Why it cannot be read, with the cure.</param>
    public static bool TryRead(string text, IReadOnlyCollection<string> reported, [NotNullWhen(true)] out Slo? slo, [NotNullWhen(false)] out string? problem)
    {
        slo = null;
        var match = Sentence().Match(text.Trim());
        if (!match.Success)
        {
            problem = $"'{text}' cannot be read. {Examples}";
            return false;
        }

        var (metric, sign, limit) = (match.Groups["metric"].Value, match.Groups["sign"].Value, match.Groups["limit"].Value);
        var phase = match.Groups["phase"] is { Success: true } named ? named.Value : null;
        if (Metric(metric, reported, out problem) is not { } read)
        {
            problem ??= Examples;
            return false;
        }

        if (sign is "<" or ">" or "=" or "==")
        {
            problem = $"'{text}' uses '{sign}'. Write {(sign is ">" ? ">=" : sign is "<" ? "<=" : "<= or >=")}.";
            return false;
        }

        var bound = sign is "<=" or "≤" ? Bound.AtMost : Bound.AtLeast;
        var wanted = read is ThroughputMetric ? Bound.AtLeast : Bound.AtMost;
        if (bound != wanted && read is not ReportedMetric)
        {
            problem = wanted is Bound.AtMost
                ? $"'{text}' asks for a {(read switch { ErrorRateMetric => "high error rate", ResourceMetric => "high use of the machine", _ => "long latency" })}. Write <= for an upper limit."
                : $"'{text}' asks for little throughput. Write >= for a lower limit.";
            return false;
        }

        var relative = Relative().Match(limit);
        if ((relative.Success ? Factor(read, relative, out problem) : Limit(read, limit, out problem)) is not { } value)
        {
            problem ??= Examples;
            return false;
        }

        slo = new Slo { Text = Plain(text), Metric = relative.Success ? new RelativeMetric(read) : read, Bound = bound, Limit = value, Phase = phase };
        return true;
    }

    private static SloMetric? Metric(string text, IReadOnlyCollection<string> reported, out string? problem)
    {
        problem = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [var name] when reported.Contains(name):
                return new ReportedMetric(name);
            case ["error", "rate"]:
                return new ErrorRateMetric();
            case ["total", "time"]:
                return new TotalTimeMetric(0);
            case ["memory"]:
                return new ResourceMetric(CandidateResource.Memory);
            case ["cpu" or "CPU"]:
                return new ResourceMetric(CandidateResource.Cpu);
            case ["throughput"]:
                return new ThroughputMetric();
            case ["mean" or "average", var series]:
                return new MeanMetric(series);
            case ["median", var series]:
                return new QuantileMetric(series, 0.5);
            case [['p' or 'P', .. var digits], var series] when decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent):
                problem = percent is > 0 and < 100 ? null : $"'{words[0]}' is no percentile. Write p50, p99, p99.9: above 0 and below 100.";
                return problem is null ? new QuantileMetric(series, (double)(percent / 100)) : null;
            case [['p' or 'P', .. var digits]] when decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _):
                problem = $"'{text}' does not say of what. Write {text} latency.";
                return null;
            case ["latency"]:
                problem = "'latency' does not say which. Write p99 latency or mean latency.";
                return null;
            default:
                problem = $"'{text}' is no metric. {(Spelling.Nearest(text, ["error rate", "throughput", "memory", "cpu", "total time", "p99 latency", "mean latency", .. reported]) is { } near ? $"Did you mean '{near}'?" : Examples)}";
                return null;
        }
    }

    private static double? Limit(SloMetric metric, string text, out string? problem)
    {
        switch (metric)
        {
            case ReportedMetric:
                if (!Quantities.TryNumber(text, out var number, out problem))
                {
                    return null;
                }

                problem = number > 0 ? null : $"a limit of {text} cannot be judged by how far a value is from it. Write a number above zero.";
                return problem is null ? number : null;
            case ErrorRateMetric:
                return Quantities.TryShare(text, out var share, out problem) ? share : null;
            case ResourceMetric resource:
                return ResourceLimit.Read(resource.Resource, text, out problem);
            case ThroughputMetric:
                return Quantities.TryRate(text, out var rate, out problem) ? rate : null;
            default:
                if (!Quantities.TryDuration(text, out var duration, out problem))
                {
                    // A bare number of a latency is nearly always meant in milliseconds.
                    problem = problem.Contains("has no unit", StringComparison.Ordinal) ? $"{text} has no unit. Write {text}ms for milliseconds, or use us, s." : problem;
                    return null;
                }

                problem = duration > TimeSpan.Zero ? null : $"a limit of {text} can never be met. Raise it.";
                return problem is null ? duration.TotalSeconds : null;
        }
    }

    /// <summary>How many times the baseline's value is allowed.</summary>
    private static double? Factor(SloMetric metric, Match match, out string? problem)
    {
        var factor = decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (double)number / (match.Groups["percent"].Success ? 100 : 1)
            : 0;
        problem = metric is ErrorRateMetric ? "an error rate cannot be held against the baseline's, which is zero on a good day. Write error rate <= 1%."
            : factor is > 0 and <= 1000 ? null
            : $"'{match.Value}' is no multiple of the baseline. Write 1.10 x baseline, or 110% of baseline.";
        return problem is null ? factor : null;
    }

    private static string Plain(string text) => Spaces().Replace(text.Trim(), " ");

    [GeneratedRegex(@"^(?<metric>[A-Za-z][A-Za-z0-9_. ]{0,60}?) *(?<sign><=|>=|==|=|<|>|≤|≥) *(?<limit>[0-9.][0-9A-Za-z.%/µμ× ]{0,30}?)(?: +in +(?<phase>[A-Za-z0-9_][A-Za-z0-9_-]{0,62}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"^(?<number>[0-9.]+) *(?:(?<percent>%) *(?:of)?|[x×]) *(?:the +)?baseline\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Relative();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
