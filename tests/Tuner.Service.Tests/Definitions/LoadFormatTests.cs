using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Tests.Definitions;

public sealed class LoadFormatTests : IDisposable
{
    private readonly SweepTexts texts = new();

    public void Dispose() => texts.Dispose();

    [Fact]
    public void Reads_ramps_days_curves_and_recorded_arrivals()
    {
        texts.Write("arrivals.txt", "0.5\n\n0.25\n9.999\n");
        var load = Load("""
              - { name: ramp, rate: 50/s, to: 150/s, duration: 30s }
              - { name: day, rate: 200/s, day: sale, duration: 48s }
              - { name: curve, points: [ { at: 0s, rate: 20/s }, { at: 10s, rate: 60/s } ], duration: 20s }
              - { name: replay, arrivals: arrivals.txt }
            """);

        Assert.Equal(new RampPhase("ramp", TimeSpan.FromSeconds(30), 50, 150), load.Phases[0]);
        var day = Assert.IsType<CurvePhase>(load.Phases[1]);
        Assert.Equal((200, TimeSpan.FromSeconds(48)), (day.PeakRate, day.Duration));
        Assert.Equal([new RatePoint(TimeSpan.Zero, 20), new RatePoint(TimeSpan.FromSeconds(10), 60)], Assert.IsType<CurvePhase>(load.Phases[2]).Points.AsEnumerable());
        var replay = Assert.IsType<RecordedPhase>(load.Phases[3]);
        Assert.Equal([0.25, 0.5, 9.999], replay.Arrivals.Select(time => time.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(10), replay.Duration);
        Assert.Equal([3000, 1000, 3], new[] { 0, 2, 3 }.Select(phase => load.Phases[phase].PlannedRequests!.Value));
    }

    [Fact]
    public void A_candidate_is_sent_the_request_of_the_first_variant_that_holds()
    {
        texts.Write("infer.bin", "x");
        var sweep = Sweep("""
              - { name: steady, rate: 50/s, duration: 30s }
            """, """
              variants:
                - { when: "mode == 'grpc'", request: { protocol: grpc, path: /inference.GRPCInferenceService/ModelInfer, bodyFiles: [ infer.bin ] } }
            """);

        var (rest, grpc) = (sweep.LoadOf(Of("rest")).Request, sweep.LoadOf(Of("grpc")).Request);
        Assert.Equal((HttpProtocol.Http11, "GET", "/predict"), (rest.Protocol, rest.Method, rest.Path));
        Assert.Equal((HttpProtocol.Grpc, "POST", "/inference.GRPCInferenceService/ModelInfer"), (grpc.Protocol, grpc.Method, grpc.Path));
        Assert.Equal("infer.bin", Assert.Single(grpc.Bodies).Name);
    }

    [Fact]
    public void Slos_may_name_the_series_of_streamed_answers()
    {
        var sweep = Sweep("""
              - { name: steady, rate: 50/s, duration: 30s }
            """, request: "{ path: /predict, stream: true }", slo: "p99 firstEvent <= 100ms");

        Assert.True(sweep.Load.Request.Streams);
        Assert.Contains(Measurement.BetweenEventsSeries, sweep.Load.Series);
        Assert.Equal("p99 firstEvent <= 100ms", sweep.Slos[0].Text);
    }

    [Fact]
    public void A_batch_is_a_number_of_requests_for_some_users_whose_total_time_can_be_limited()
    {
        var sweep = Sweep("""
              - { name: night, users: 8, requests: 10000, duration: 20m }
            """, "  arrival: closed", slo: "total time <= 10m");

        Assert.Equal(new UsersPhase("night", TimeSpan.FromMinutes(20), 8, 10_000), Assert.Single(sweep.Load.Phases));
        Assert.Equal((new TotalTimeMetric(10_000), 600), (sweep.Slos[0].Metric, sweep.Slos[0].Limit));
    }

    [Theory]
    [InlineData("{ name: a, rate: 50/s, to: 90/s, duration: 30s }", "{ name: a, rate: 50/s, to: 91/s, duration: 30s }")]
    [InlineData("{ name: a, rate: 90/s, day: sale, duration: 30s }", "{ name: a, rate: 90/s, day: weekend, duration: 30s }")]
    [InlineData("{ name: a, points: [ { at: 0s, rate: 50/s } ], duration: 30s }", "{ name: a, points: [ { at: 1s, rate: 50/s } ], duration: 30s }")]
    public void The_shape_of_a_phase_belongs_to_the_question(string one, string other) =>
        Assert.NotEqual(Sweep($"  - {one}").Fingerprint, Sweep($"  - {other}").Fingerprint);

    private static Candidate Of(string mode) =>
        new([new("mode", ParameterValue.Of(mode)), new("instanceType", ParameterValue.Of("sample-one"))]);

    private LoadProfile Load(string phases) => Sweep(phases).Load;

    private Sweep Sweep(string phases, string more = "", string request = "{ path: /predict }", string slo = "p99 latency <= 100ms")
    {
        var reading = texts.Load($$$"""
            target:
              process:
                command: [my-server, --port, "{{port}}", --mode, "{{mode}}"]
            parameters:
              mode: { values: [rest, grpc] }
              instanceType: { values: [sample-one] }
            load:
              request: {{{request}}}
            {{{more}}}
              phases:
            {{{phases}}}
            slos:
              - {{{slo}}}
            """);
        Assert.Equal("", SweepTexts.Printed(reading));
        return reading.Sweep!;
    }
}
