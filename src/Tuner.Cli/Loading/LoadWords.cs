using System.CommandLine;

namespace Tuner.Cli.Loading;

/// <summary>The words of <c>tuner load</c>.</summary>
internal sealed class LoadWords
{
    public Argument<string[]> Urls { get; } = new("url") { Description = "What to load; several addresses take turns, request by request.", Arity = ArgumentArity.ZeroOrMore };

    public Option<string> Method { get; } = new("--method", "-X") { Description = "GET, or POST where there is a body." };

    public Option<string[]> Headers { get; } = new("--header", "-H") { Description = "'Name: value'; may be repeated." };

    public Option<string> Body { get; } = new("--body") { Description = "The body, as text." };

    public Option<string[]> BodyFiles { get; } = new("--body-file") { Description = "FILE or FILE=WEIGHT; repeated, bodies are drawn by weight." };

    public Option<int[]> Expect { get; } = new("--expect") { Description = "Statuses that count as success; otherwise 200 to 299.", AllowMultipleArgumentsPerToken = true };

    public Option<string> Rate { get; } = new("--rate", "-r") { Description = "Open model: requests per second, due whatever the target does (2000/s)." };

    public Option<int?> Users { get; } = new("--users", "-u") { Description = "Closed model: users who each wait for their answer." };

    public Option<string[]> Phases { get; } = new("--phase") { Description = "NAME:RATE:DURATION instead of --rate and --duration; also NAME:10/s-250/s:1m (ramp), NAME:64 users:20s, NAME:day weekday 200/s:5m (a day compressed; weekday, weekend, sale)." };

    public Option<string> Arrivals { get; } = new("--arrivals") { Description = "A file of recorded arrival times, one a line, in seconds from the start." };

    public Option<string> Arrival { get; } = new("--arrival") { Description = "How --rate is spaced: poisson or constant.", DefaultValueFactory = _ => "poisson" };

    public Option<string> Duration { get; } = new("--duration", "-d") { Description = "How long (10s, 2m).", DefaultValueFactory = _ => "10s" };

    public Option<long?> Requests { get; } = new("--requests", "-n") { Description = "End after so many requests, or after --duration." };

    public Option<string> Warmup { get; } = new("--warmup") { Description = "Load before it, not recorded.", DefaultValueFactory = _ => "0s" };

    public Option<string> Timeout { get; } = new("--timeout") { Description = "For one request, from when it was due.", DefaultValueFactory = _ => "10s" };

    public Option<int> Connections { get; } = new("--connections") { Description = "Most connections of the open model; reaching it makes the measurement invalid.", DefaultValueFactory = _ => 1024 };

    public Option<bool> NoReuse { get; } = new("--no-reuse") { Description = "A new connection for each request." };

    public Option<string> Protocol { get; } = new("--protocol") { Description = "http1, http2, or grpc (unary; the path is the method, bodies are raw protobuf).", DefaultValueFactory = _ => "http1" };

    public Option<bool> Stream { get; } = new("--stream") { Description = "Answers are server-sent events: adds the series firstEvent and betweenEvents." };

    public Option<bool> Insecure { get; } = new("--insecure", "-k") { Description = "Accept any certificate." };

    public Option<string> Engine { get; } = new("--engine") { Description = "auto, native (Linux, http, HTTP/1.1) or portable.", DefaultValueFactory = _ => "auto" };

    public Option<string> Pacing { get; } = new("--pacing") { Description = "default (lag under 1 % of the latency), precise, or economical (ticks of 1 ms).", DefaultValueFactory = _ => "default" };

    public Option<int> Threads { get; } = new("--threads") { Description = "Generator threads; 0 decides by the load.", DefaultValueFactory = _ => 0 };

    public Option<int[]> Cpus { get; } = new("--cpus") { Description = "CPUs to bind the generator to.", AllowMultipleArgumentsPerToken = true };

    public Option<long> Seed { get; } = new("--seed") { Description = "Of arrivals and bodies: the same seed sends the same load.", DefaultValueFactory = _ => 42 };

    public Option<string[]> Slos { get; } = new("--slo") { Description = "'p99 latency <= 100ms', 'error rate <= 1%', 'throughput >= 240/s in peak'; may be repeated. Decides the exit code." };

    public Option<bool> Interval { get; } = new("--confident") { Description = "Judge SLOs by the confidence interval instead of the number: what it cannot decide is unknown (exit code 6)." };

    public Option<bool> FindCapacity { get; } = new("--find-capacity") { Description = "Find the highest rate that meets the SLOs, from --rate on, with a load of --duration for each probe." };

    public Option<string> Output { get; } = new("--output", "-o") { Description = "text, json, or hdr (percentile distribution as HdrHistogram prints it).", DefaultValueFactory = _ => "text" };

    public Option<string> Save { get; } = new("--save") { Description = "Write the whole measurement to a file, for 'tuner load merge' and reports." };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress line." };

    public Option<string> Order { get; } = new("--order") { Description = "In a trial's pod: a file with the whole load, as the service packed it. Goes with --targets and --pack.", Hidden = true };

    public Option<string> Targets { get; } = new("--targets") { Description = "With --order: the addresses, separated by spaces.", Hidden = true };

    public Option<string> Share { get; } = new("--share") { Description = "With --order: the part that this generator sends, 0/2 for the first of two.", DefaultValueFactory = _ => "0/1", Hidden = true };

    public Option<string> StartAt { get; } = new("--start-at") { Description = "With --order: when to begin, so that several generators do so together.", Hidden = true };

    public Option<string> Rotate { get; } = new("--rotate") { Description = "With --order: true sends over many connections in turn.", DefaultValueFactory = _ => "false", Hidden = true };

    public Option<string> Pack { get; } = new("--pack") { Description = "With --order: the file for the packed measurement.", Hidden = true };

    public Option<string> Artifact { get; } = new("--artifact") { Description = "With --order: the file for the whole measurement, in gzip; a dash for none.", DefaultValueFactory = _ => "-", Hidden = true };

    public Option<string> Secrets { get; } = new("--secrets") { Description = "With --order: the folder with the headers that the order does not hold.", Hidden = true };

    public IEnumerable<Option> Options =>
    [
        Order, Targets, Share, StartAt, Rotate, Pack, Artifact, Secrets,
        Method, Headers, Body, BodyFiles, Expect, Rate, Users, Phases, Arrivals, Arrival, Duration, Requests, Warmup, Timeout, Connections, NoReuse, Protocol,
        Stream, Insecure, Engine, Pacing, Threads, Cpus, Seed, Slos, Interval, FindCapacity, Output, Save, Quiet,
    ];
}
