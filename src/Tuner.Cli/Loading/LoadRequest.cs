using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Tuner.Core.Definitions;
using Tuner.Core.Loads;
using Tuner.Core.Slos;
using Tuner.Load;

namespace Tuner.Cli.Loading;

/// <summary>What one call of <c>tuner load</c> asks for, checked.</summary>
internal sealed record LoadRequest
{
    public required LoadProfile Profile { get; init; }

    public required ImmutableArray<Uri> Endpoints { get; init; }

    public required LoadOptions Options { get; init; }

    public required ImmutableArray<Slo> Slos { get; init; }

    public required string Output { get; init; }

    public string? Save { get; init; }

    public bool Confident { get; init; }

    public bool FindCapacity { get; init; }

    public bool Quiet { get; init; }
}

/// <summary>From the words of the command line to a request; every problem at once.</summary>
internal sealed class LoadRequestReading(LoadWords words, ParseResult line)
{
    private readonly List<string> problems = [];

    public IReadOnlyList<string> Problems => problems;

    /// <summary>Null when there are <see cref="Problems"/>.</summary>
    public LoadRequest? Read()
    {
        var endpoints = Endpoints(out var path);
        var phases = Phases(out var arrival);
        var slos = Slos(phases);
        var template = Template(path);
        var timeout = Duration(words.Timeout);
        var options = Options();
        var output = OneOf(words.Output, "text", "json", "hdr");
        if (line.GetValue(words.FindCapacity) && (slos.IsEmpty || phases is not [RatePhase]))
        {
            problems.Add("--find-capacity needs at least one --slo, and --rate to begin with. For example: --find-capacity --rate 100/s --slo 'p99 latency <= 50ms'.");
        }

        return problems.Count > 0 ? null : new LoadRequest
        {
            Endpoints = endpoints,
            Profile = new LoadProfile
            {
                Request = template,
                Arrival = arrival,
                Phases = phases,
                Timeout = timeout,
                Connections = new ConnectionPolicy { Max = line.GetValue(words.Connections), Reuse = !line.GetValue(words.NoReuse) },
            },
            Options = options,
            Slos = slos,
            Output = output,
            Save = line.GetValue(words.Save),
            Confident = line.GetValue(words.Interval),
            FindCapacity = line.GetValue(words.FindCapacity),
            Quiet = line.GetValue(words.Quiet),
        };
    }

    private ImmutableArray<Uri> Endpoints(out string path)
    {
        path = "/";
        var endpoints = ImmutableArray.CreateBuilder<Uri>();
        var urls = line.GetValue(words.Urls) ?? [];
        if (urls.Length == 0)
        {
            problems.Add("url: nothing to load. Give an address, such as http://127.0.0.1:8080/.");
        }

        foreach (var url in urls)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                problems.Add($"url: '{url}' is no address. Write it like http://127.0.0.1:8080/path.");
                continue;
            }

            if (endpoints.Count > 0 && uri.PathAndQuery != path)
            {
                problems.Add($"url: '{url}' has another path than the first address. Addresses that take turns must have the same one.");
            }

            path = uri.PathAndQuery;
            endpoints.Add(new Uri(uri.GetLeftPart(UriPartial.Authority)));
        }

        return endpoints.ToImmutable();
    }

    private ImmutableArray<Phase> Phases(out Arrival arrival)
    {
        var phases = Given();
        arrival = phases.Any(phase => phase is UsersPhase) ? Arrival.Closed : OneOf(words.Arrival, "poisson", "constant") == "constant" ? Arrival.Constant : Arrival.Poisson;
        if (arrival is Arrival.Closed && phases.Any(phase => phase is not UsersPhase))
        {
            problems.Add("--phase: rates and users do not mix. Give every phase a rate, or every phase users.");
        }

        return phases;
    }

    private ImmutableArray<Phase> Given()
    {
        var (rate, users, arrivals) = (line.GetValue(words.Rate), line.GetValue(words.Users), line.GetValue(words.Arrivals));
        var texts = line.GetValue(words.Phases) ?? [];
        var ways = (rate is null ? 0 : 1) + (users is null ? 0 : 1) + (arrivals is null ? 0 : 1) + (texts.Length > 0 ? 1 : 0);
        if (ways != 1)
        {
            problems.Add($"{(ways == 0 ? "No load is given" : "The load is given in more than one way")}. Use one of --rate 200/s, --users 64, --phase peak:250/s:20s, --arrivals FILE.");
            return [];
        }

        var duration = Duration(words.Duration);
        if (texts.Length > 0)
        {
            return [.. texts.Select(Phase).OfType<Phase>()];
        }

        if (users is { } count)
        {
            return count > 0 ? [new UsersPhase("load", duration, count)] : Problem($"--users: {count} users send nothing. Give at least 1.");
        }

        if (arrivals is not null)
        {
            return Recorded(arrivals);
        }

        return Quantities.TryRate(rate!, out var perSecond, out var problem) ? [new RatePhase("load", duration, perSecond)] : Problem($"--rate: {problem}");
    }

    private Phase? Phase(string text)
    {
        if (PhaseText.TryRead(text, out var phase, out var problem))
        {
            return phase;
        }

        problems.Add(problem);
        return null;
    }

    private ImmutableArray<Phase> Recorded(string file)
    {
        if (ReadFile("--arrivals", file) is not { } bytes)
        {
            return [];
        }

        return RecordedArrivals.TryRead(bytes, out var times, out var problem)
            ? [new RecordedPhase("recorded", RecordedArrivals.DurationOf(times), times)]
            : Problem($"--arrivals: {file}, {problem}");
    }

    private ImmutableArray<Phase> Problem(string text)
    {
        problems.Add(text);
        return [];
    }

    private ImmutableArray<Slo> Slos(ImmutableArray<Phase> phases)
    {
        var slos = ImmutableArray.CreateBuilder<Slo>();
        foreach (var text in line.GetValue(words.Slos) ?? [])
        {
            if (!SloSentence.TryRead(text, out var slo, out var problem))
            {
                problems.Add($"--slo: {problem}");
            }
            else if (slo.Phase is { } name && phases.All(phase => phase.Name != name))
            {
                problems.Add($"--slo: '{text}' names phase '{name}', which does not exist. There is {string.Join(", ", phases.Select(phase => phase.Name))}.");
            }
            else if (slo.Metric is RelativeMetric)
            {
                problems.Add($"--slo: '{text}' is held against a baseline, which a single load does not have. Write a limit of its own, or use a sweep.");
            }
            else if (slo.Metric is TotalTimeMetric)
            {
                slos.AddRange(TotalTime(slo, phases));
            }
            else
            {
                slos.Add(slo);
            }
        }

        return slos.ToImmutable();
    }

    private ImmutableArray<Slo> TotalTime(Slo slo, ImmutableArray<Phase> phases)
    {
        if (line.GetValue(words.Requests) is { } batch && phases is [UsersPhase])
        {
            return [slo with { Metric = new TotalTimeMetric(batch) }];
        }

        problems.Add($"--slo: '{slo.Text}' needs a batch. Give --users and --requests.");
        return [];
    }

    private RequestTemplate Template(string path)
    {
        var bodies = Bodies();
        return new RequestTemplate
        {
            Method = line.GetValue(words.Method)?.ToUpperInvariant() ?? (bodies.IsEmpty ? "GET" : "POST"),
            Path = path,
            Headers = [.. (line.GetValue(words.Headers) ?? []).Select(Header).OfType<KeyValuePair<string, string>>()],
            Bodies = bodies,
            ExpectedStatus = [.. line.GetValue(words.Expect) ?? []],
            Streams = line.GetValue(words.Stream),
            Protocol = OneOf(words.Protocol, "http1", "http2", "grpc") switch
            {
                "http2" => HttpProtocol.Http2,
                "grpc" => HttpProtocol.Grpc,
                _ => HttpProtocol.Http11,
            },
        };
    }

    private KeyValuePair<string, string>? Header(string text)
    {
        var colon = text.IndexOf(':');
        if (colon > 0 && !text.AsSpan(0, colon).ContainsAny(" \r\n") && !text.AsSpan().ContainsAny("\r\n"))
        {
            return new KeyValuePair<string, string>(text[..colon], text[(colon + 1)..].Trim());
        }

        problems.Add($"--header: '{text}' cannot be read. Write it like 'Name: value'.");
        return null;
    }

    private ImmutableArray<WeightedBody> Bodies()
    {
        if (line.GetValue(words.Body) is { } text)
        {
            return [new WeightedBody("body", Encoding.UTF8.GetBytes(text), 1)];
        }

        var bodies = ImmutableArray.CreateBuilder<WeightedBody>();
        foreach (var given in line.GetValue(words.BodyFiles) ?? [])
        {
            var (file, weight) = (given, 1.0);
            var at = given.LastIndexOf('=');
            if (at > 0 && Quantities.TryNumber(given[(at + 1)..], out var number, out _) && number > 0)
            {
                (file, weight) = (given[..at], number);
            }

            if (ReadFile("--body-file", file) is { } bytes)
            {
                bodies.Add(new WeightedBody(Path.GetFileName(file), bytes, weight));
            }
        }

        return bodies.ToImmutable();
    }

    private byte[]? ReadFile(string option, string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{option}: {file} cannot be read: {exception.Message}");
            return null;
        }
    }

    private LoadOptions Options() => new()
    {
        Warmup = Duration(words.Warmup),
        Engine = Enum.Parse<LoadEngine>(OneOf(words.Engine, "auto", "native", "portable"), ignoreCase: true),
        Pacing = Enum.Parse<LoadPacing>(OneOf(words.Pacing, "default", "precise", "economical"), ignoreCase: true),
        Threads = line.GetValue(words.Threads),
        Seed = (ulong)line.GetValue(words.Seed),
        Cpus = [.. line.GetValue(words.Cpus) ?? []],
        Protection = line.GetValue(words.Cpus) is { Length: > 0 } cpus ? $"bound to CPU {string.Join(", ", cpus)}" : "none",
        MaxRequests = line.GetValue(words.Requests),
        AcceptAnyCertificate = line.GetValue(words.Insecure),
    };

    private TimeSpan Duration(Option<string> option)
    {
        var text = line.GetValue(option)!;
        if (Quantities.TryDuration(text, out var duration, out var problem))
        {
            return duration;
        }

        problems.Add($"{option.Name}: {problem}");
        return TimeSpan.FromSeconds(1);
    }

    private string OneOf(Option<string> option, params string[] choices)
    {
        var given = line.GetValue(option)!;
        if (choices.Contains(given))
        {
            return given;
        }

        var problem = $"{option.Name}: '{given}' is unknown. Use one of {string.Join(", ", choices)}.";
        if (!problems.Contains(problem))
        {
            problems.Add(problem);
        }

        return choices[0];
    }
}
