using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Tuner.Core.Definitions;
using Tuner.Core.Loads;
using Tuner.Load;

namespace Tuner.Cli.Loading;

/// <summary>From the words of the command line to a request; every problem at once.</summary>
internal sealed class LoadRequestReading(LoadWords words, ParseResult line)
{
    private readonly GivenValues given = new(line);

    public IReadOnlyList<string> Problems => given.Problems;

    /// <summary>Null when there are <see cref="Problems"/>.</summary>
    public LoadRequest? Read()
    {
        var endpoints = Endpoints(out var path);
        var traffic = new TrafficReading(words, given);
        var phases = traffic.Phases(out var arrival);
        var slos = traffic.Slos(phases);
        var template = Template(path);
        var timeout = given.Duration(words.Timeout);
        var options = Options();
        var output = given.OneOf(words.Output, "text", "json", "hdr");
        if (given.Of(words.FindCapacity) && (slos.IsEmpty || phases is not [RatePhase]))
        {
            given.Add("--find-capacity needs at least one --slo, and --rate to begin with. For example: --find-capacity --rate 100/s --slo 'p99 latency <= 50ms'.");
        }

        return Problems.Count > 0 ? null : new LoadRequest
        {
            Endpoints = endpoints,
            Profile = new LoadProfile
            {
                Request = template,
                Arrival = arrival,
                Phases = phases,
                Timeout = timeout,
                Connections = new ConnectionPolicy { Max = given.Of(words.Connections), Reuse = !given.Of(words.NoReuse) },
            },
            Options = options,
            Slos = slos,
            Output = output,
            Save = given.Of(words.Save),
            Confident = given.Of(words.Interval),
            FindCapacity = given.Of(words.FindCapacity),
            Quiet = given.Of(words.Quiet),
        };
    }

    private ImmutableArray<Uri> Endpoints(out string path)
    {
        path = "/";
        var endpoints = ImmutableArray.CreateBuilder<Uri>();
        var urls = given.Of(words.Urls) ?? [];
        if (urls.Length == 0)
        {
            given.Add("url: nothing to load. Give an address, such as http://127.0.0.1:8080/.");
        }

        foreach (var url in urls)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                given.Add($"url: '{url}' is no address. Write it like http://127.0.0.1:8080/path.");
                continue;
            }

            if (endpoints.Count > 0 && uri.PathAndQuery != path)
            {
                given.Add($"url: '{url}' has another path than the first address. Addresses that take turns must have the same one.");
            }

            path = uri.PathAndQuery;
            endpoints.Add(new Uri(uri.GetLeftPart(UriPartial.Authority)));
        }

        return endpoints.ToImmutable();
    }

    private RequestTemplate Template(string path)
    {
        var bodies = Bodies();
        return new RequestTemplate
        {
            Method = given.Of(words.Method)?.ToUpperInvariant() ?? (bodies.IsEmpty ? "GET" : "POST"),
            Path = path,
            Headers = [.. (given.Of(words.Headers) ?? []).Select(Header).OfType<KeyValuePair<string, string>>()],
            Bodies = bodies,
            ExpectedStatus = [.. given.Of(words.Expect) ?? []],
            Streams = given.Of(words.Stream),
            Protocol = given.OneOf(words.Protocol, "http1", "http2", "grpc") switch
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

        given.Add($"--header: '{text}' cannot be read. Write it like 'Name: value'.");
        return null;
    }

    private ImmutableArray<WeightedBody> Bodies()
    {
        if (given.Of(words.Body) is { } text)
        {
            return [new WeightedBody("body", Encoding.UTF8.GetBytes(text), 1)];
        }

        var bodies = ImmutableArray.CreateBuilder<WeightedBody>();
        foreach (var entry in given.Of(words.BodyFiles) ?? [])
        {
            var (file, weight) = (entry, 1.0);
            var at = entry.LastIndexOf('=');
            if (at > 0 && Quantities.TryNumber(entry[(at + 1)..], out var number, out _) && number > 0)
            {
                (file, weight) = (entry[..at], number);
            }

            if (given.ReadFile("--body-file", file) is { } bytes)
            {
                bodies.Add(new WeightedBody(Path.GetFileName(file), bytes, weight));
            }
        }

        return bodies.ToImmutable();
    }

    private LoadOptions Options() => new()
    {
        Warmup = given.Duration(words.Warmup),
        Engine = Enum.Parse<LoadEngine>(given.OneOf(words.Engine, "auto", "native", "portable"), ignoreCase: true),
        Pacing = Enum.Parse<LoadPacing>(given.OneOf(words.Pacing, "default", "precise", "economical"), ignoreCase: true),
        Threads = given.Of(words.Threads),
        Seed = (ulong)given.Of(words.Seed),
        Cpus = [.. given.Of(words.Cpus) ?? []],
        Protection = given.Of(words.Cpus) is { Length: > 0 } cpus ? $"bound to CPU {string.Join(", ", cpus)}" : "none",
        MaxRequests = given.Of(words.Requests),
        AcceptAnyCertificate = given.Of(words.Insecure),
    };
}
