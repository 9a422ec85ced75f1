using System.CommandLine;
using System.Globalization;
using Tuner.Cli.Loading;
using Tuner.Core.Loads;
using Tuner.Load;

namespace Tuner.Cli.Tests.Loading;

public sealed class LoadRequestTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tuner-load-");

    [Fact]
    public void A_rate_is_an_open_model_and_users_are_a_closed_one()
    {
        var open = Read("http://127.0.0.1:8080/a?b=1", "--rate", "2000/s", "--arrival", "constant", "--duration", "30s");
        var closed = Read("http://127.0.0.1:8080/", "--users", "64");

        Assert.Equal(new RatePhase("load", TimeSpan.FromSeconds(30), 2000), open.Profile.Phases.Single());
        Assert.Equal(Arrival.Constant, open.Profile.Arrival);
        Assert.Equal("/a?b=1", open.Profile.Request.Path);
        Assert.Equal(new Uri("http://127.0.0.1:8080"), open.Endpoints.Single());
        Assert.Equal(new UsersPhase("load", TimeSpan.FromSeconds(10), 64), closed.Profile.Phases.Single());
        Assert.Equal(Arrival.Closed, closed.Profile.Arrival);
    }

    [Fact]
    public void Phases_can_be_level_ramps_or_days()
    {
        var phases = Read("http://a/", "--phase", "calm:80/s:20s", "--phase", "up:10/s-250/s:1m", "--phase", "busy:day sale 100/s:2m").Profile.Phases;

        Assert.Equal(new RatePhase("calm", TimeSpan.FromSeconds(20), 80), phases[0]);
        Assert.Equal(new RampPhase("up", TimeSpan.FromMinutes(1), 10, 250), phases[1]);
        Assert.Equal(100, ((CurvePhase)phases[2]).Points.Max(point => point.RatePerSecond));
    }

    [Fact]
    public void Bodies_have_weights_and_make_it_a_POST()
    {
        var (small, large) = (Write("small.json", "{}"), Write("large.json", "{\"a\":1}"));

        var request = Read("http://a/", "--users", "1", "--body-file", $"{small}=8", "--body-file", large, "-H", "X-A: b").Profile.Request;

        Assert.Equal("POST", request.Method);
        Assert.Equal([("small.json", 8.0), ("large.json", 1.0)], request.Bodies.Select(body => (body.Name, body.Weight)));
        Assert.Equal(new KeyValuePair<string, string>("X-A", "b"), request.Headers.Single());
    }

    [Fact]
    public void Recorded_arrivals_are_sorted_times_in_seconds()
    {
        var file = Write("arrivals.txt", "0.5\n0\n1.25\n");

        var phase = Assert.IsType<RecordedPhase>(Read("http://a/", "--arrivals", file).Profile.Phases.Single());

        Assert.Equal([0, 0.5, 1.25], phase.Arrivals.Select(time => time.TotalSeconds));
    }

    [Fact]
    public void Engine_pacing_and_limits_are_taken_over()
    {
        var request = Read("http://a/", "--rate", "1/s", "--engine", "portable", "--pacing", "economical", "--protocol", "grpc", "--connections", "7", "--no-reuse", "--timeout", "3s", "--warmup", "2s", "-n", "50");

        Assert.Equal((LoadEngine.Portable, LoadPacing.Economical, 50L), (request.Options.Engine, request.Options.Pacing, request.Options.MaxRequests!.Value));
        Assert.Equal(new ConnectionPolicy { Max = 7, Reuse = false }, request.Profile.Connections);
        Assert.Equal(HttpProtocol.Grpc, request.Profile.Request.Protocol);
        Assert.Equal(TimeSpan.FromSeconds(3), request.Profile.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(2), request.Options.Warmup);
    }

    [Fact]
    public void Every_mistake_is_named_at_once_with_its_cure()
    {
        var problems = Problems("nowhere", "--rate", "fast", "--users", "3", "--duration", "10", "--slo", "p99 latency < 100ms", "--engine", "rocket", "-H", "no colon", "--body-file", "missing.json");

        Assert.Contains(problems, problem => problem.Contains("'nowhere' is no address", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("more than one way", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("--slo:", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("auto, native, portable", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("--header:", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("missing.json", StringComparison.Ordinal));
    }

    [Fact]
    public void An_slo_of_a_phase_that_does_not_exist_is_refused()
    {
        Assert.Contains("'peak'", Assert.Single(Problems("http://a/", "--rate", "5/s", "--slo", "p99 latency <= 100ms in peak")), StringComparison.Ordinal);
    }

    [Fact]
    public void Capacity_needs_an_slo_and_a_rate()
    {
        Assert.Contains("--find-capacity", Assert.Single(Problems("http://a/", "--users", "5", "--find-capacity")), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static LoadRequest Read(params string[] line)
    {
        var reading = Reading(line);
        var request = reading.Read();
        Assert.Empty(reading.Problems);
        return request!;
    }

    private static IReadOnlyList<string> Problems(params string[] line)
    {
        var reading = Reading(line);
        Assert.Null(reading.Read());
        return reading.Problems;
    }

    private static LoadRequestReading Reading(string[] line)
    {
        var words = new LoadWords();
        var command = new Command("load") { words.Urls };
        foreach (var option in words.Options)
        {
            command.Add(option);
        }

        return new LoadRequestReading(words, command.Parse(line));
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder.FullName, name);
        File.WriteAllText(file, text.ToString(CultureInfo.InvariantCulture));
        return file;
    }
}
