using System.Collections.Immutable;
using System.Globalization;
using Tuner.Service.Hosting;
using Tuner.Service.Submitting;

namespace Tuner.Cli.Serving;

/// <summary>What the user asked of <c>tuner serve</c>, as it was written.</summary>
internal sealed record ServeRequest
{
    /// <summary>The variable that OpenTelemetry knows a collector's address by.</summary>
    public const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public required string StateFolder { get; init; }

    public required string Listen { get; init; }

    public ImmutableArray<string> Targets { get; init; } = [];

    public ImmutableArray<string> AllowLoad { get; init; } = [];

    public ImmutableArray<string> AllowNotify { get; init; } = [];

    public ImmutableArray<string> MaxRates { get; init; } = [];

    public ImmutableArray<string> Namespaces { get; init; } = [];

    public ImmutableArray<string> Kinds { get; init; } = [];

    public required int RequestsPerMinute { get; init; }

    public required int MaxSweeps { get; init; }

    public string? Collector { get; init; }

    public bool JsonLogs { get; init; }

    /// <summary>Address and rules, or every problem.</summary>
    public (ListenAddress? Listen, OperatorRules Rules, ImmutableArray<string> Problems) Read()
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var listen = ListenAddress.Parse(Listen);
        if (listen is null)
        {
            problems.Add($"--listen: '{Listen}' is no address. Write it like 127.0.0.1:{ListenAddress.UsualPort} or 0.0.0.0:{ListenAddress.UsualPort}.");
        }

        foreach (var (name, number) in new[] { ("--requests-per-minute", RequestsPerMinute), ("--max-sweeps", MaxSweeps) }.Where(pair => pair.Item2 < 1))
        {
            problems.Add($"{name}: {number} is too few. Write 1 or more.");
        }

        if (Collector is { Length: > 0 } && !Uri.TryCreate(Collector, UriKind.Absolute, out _))
        {
            problems.Add($"--otlp: '{Collector}' is no address. Write it like http://127.0.0.1:4318.");
        }

        var usual = new OperatorRules();
        var rules = usual with
        {
            LoadTo = [.. Ranges("--allow-load", AllowLoad, problems)],
            NotifyTo = [.. Ranges("--allow-notify", AllowNotify.Where(text => !IsPublic(text)), problems)],
            NotifyPublic = AllowNotify.Any(IsPublic),
            Namespaces = Namespaces,
            Kinds = [.. usual.Kinds, .. Kinds],
        };
        rules = Rates(rules, problems);
        return (listen, rules, problems.ToImmutable());
    }

    private static bool IsPublic(string text) => string.Equals(text, OperatorRules.PublicWord, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<AddressRange> Ranges(string option, IEnumerable<string> texts, ImmutableArray<string>.Builder problems)
    {
        foreach (var text in texts)
        {
            if (AddressRange.Parse(text) is { } range)
            {
                yield return range;
            }
            else
            {
                problems.Add($"{option}: '{text}' is no address or network. Write it like 10.1.0.0/16 or 10.1.2.3:8000; names are not taken, since a name can be made to mean another address.");
            }
        }
    }

    private OperatorRules Rates(OperatorRules rules, ImmutableArray<string>.Builder problems)
    {
        foreach (var text in MaxRates)
        {
            var parts = text.Split('=', 2);
            if (!double.TryParse(parts[^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) || rate <= 0 || parts[0].Length == 0)
            {
                problems.Add($"--max-rate: '{text}' is no rate. Write requests per second, like 2000, or for one project team-search=10000.");
                continue;
            }

            rules = parts.Length == 1 ? rules with { MaxRate = rate } : rules with { ProjectRates = rules.ProjectRates.SetItem(parts[0], rate) };
        }

        return rules;
    }
}
