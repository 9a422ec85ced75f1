using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Load.Looping;

namespace Tuner.Load.Tests.Looping;

public class LoadLoopTests
{
    private const long Millisecond = LoopFixture.Millisecond;

    [Theory]
    [InlineData(1000, 0.1)]
    [InlineData(1000, 0.5)]
    [InlineData(3000, 0.9)]
    public void A_target_that_stalls_one_second_in_ten_shows_it_in_p99(double rate, double load)
    {
        var service = (long)(load / rate * 1e9);
        var server = new StallingServer(service, LoopFixture.Second, 10 * LoopFixture.Second);

        var run = LoopFixture.Run(LoopFixture.Open(rate, TimeSpan.FromSeconds(100)), new SimulatedWire(server.Answer));

        // D - 0.01 T (1 - rho), and one service time.
        var expected = 1 - (0.01 * 10 * (1 - load)) + (service / 1e9);
        var p99 = run.Phase.Series(Measurement.LatencySeries).Quantile(0.99).TotalSeconds;
        Assert.InRange(p99, expected * 0.995, expected * 1.005);
        Assert.Equal(rate * 100, run.Phase.Succeeded);
    }

    [Fact]
    public void A_closed_model_hides_the_same_stall_which_is_why_it_is_labelled()
    {
        var server = new StallingServer(Millisecond / 10, LoopFixture.Second, 10 * LoopFixture.Second);

        var run = LoopFixture.Run(LoopFixture.Closed(1, TimeSpan.FromSeconds(100)), new SimulatedWire(server.Answer));

        Assert.True(run.Phase.Series(Measurement.LatencySeries).Quantile(0.99) < TimeSpan.FromMilliseconds(1));
        Assert.True(run.Phase.Series(Measurement.LatencySeries).Max >= TimeSpan.FromMilliseconds(999));
    }

    [Fact]
    public void A_closed_model_keeps_all_its_users_busy()
    {
        var run = LoopFixture.Run(LoopFixture.Closed(8, TimeSpan.FromSeconds(2)), new SimulatedWire((at, c) => c with { At = at + (10 * Millisecond) }));

        Assert.Equal(8 * 200, run.Phase.Succeeded);
        Assert.Equal(8, run.Outcome.PeakConnections);
    }

    [Fact]
    public void What_no_answer_came_to_counts_as_a_timeout_with_the_time_it_was_waited_for()
    {
        var profile = LoopFixture.Open(10, TimeSpan.FromSeconds(2)) with { Timeout = TimeSpan.FromMilliseconds(300) };
        var wire = new SimulatedWire((_, _) => null);

        var run = LoopFixture.Run(profile, wire);

        Assert.Equal(20, run.Phase.Seconds.Sum(second => second.Errors[ErrorKinds.Timeout]));
        Assert.Equal(20, run.Phase.Scheduled);
        Assert.Equal(20, wire.Abandoned.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(300), run.Phase.Series(Measurement.LatencySeries).Min);
    }

    [Fact]
    public void Late_sends_count_from_their_intended_time_and_the_exhausted_maximum_is_reported()
    {
        // One connection, 10 a second, 200 ms each: half of them wait for the connection, ever longer.
        var profile = LoopFixture.Open(10, TimeSpan.FromSeconds(2)) with { Timeout = TimeSpan.FromMinutes(1) };

        var run = LoopFixture.Run(profile, new SimulatedWire((at, c) => c with { At = at + (200 * Millisecond) }), slots: 1);

        Assert.True(run.Outcome.ConnectionsExhausted);
        Assert.Equal(20, run.Phase.Succeeded);
        Assert.Equal(TimeSpan.FromMilliseconds(2100), run.Phase.Series(Measurement.LatencySeries).Max);
    }

    [Fact]
    public void What_could_not_be_sent_in_its_time_is_counted_and_not_dropped()
    {
        var profile = LoopFixture.Open(100, TimeSpan.FromSeconds(2)) with { Timeout = TimeSpan.FromMilliseconds(500) };

        var run = LoopFixture.Run(profile, new SimulatedWire((_, _) => null), slots: 10);

        Assert.Equal(200, run.Phase.Scheduled);
        Assert.Equal(200, run.Phase.Failed);
        Assert.True(run.Outcome.ConnectionsExhausted);
    }

    [Fact]
    public void The_warm_up_is_sent_and_not_recorded()
    {
        var wire = new SimulatedWire((at, c) => c with { At = at + Millisecond });

        var run = LoopFixture.Run(LoopFixture.Open(100, TimeSpan.FromSeconds(3)), wire, new LoadOptions { Warmup = TimeSpan.FromSeconds(2) });

        Assert.Equal(500, wire.Sent.Count);
        Assert.Equal(300, run.Phase.Scheduled);
        Assert.All(run.Phase.Seconds, second => Assert.Equal(100, second.Scheduled));
    }

    [Fact]
    public void Endpoints_take_turns_request_by_request()
    {
        var wire = new SimulatedWire((at, c) => c with { At = at + Millisecond });

        LoopFixture.Run(LoopFixture.Open(100, TimeSpan.FromSeconds(1)), wire);

        Assert.Equal(Enumerable.Range(0, 100).Select(request => request % 2), wire.Sent.Select(sent => sent.Endpoint));
    }

    [Fact]
    public void Asked_to_stop_it_ends_with_what_it_has_and_says_how_many_had_no_answer()
    {
        var run = LoopFixture.Run(
            LoopFixture.Open(10, TimeSpan.FromSeconds(100)),
            new SimulatedWire((at, c) => at < LoopFixture.Second ? c with { At = at + Millisecond } : null),
            before: control => control.Stop(2 * LoopFixture.Second));

        Assert.Equal(10, run.Phase.Succeeded);
        Assert.Equal(10, run.Outcome.InFlightAtEnd);
        Assert.Equal(10, run.Phase.Seconds[1].Errors[ErrorKinds.Unanswered]);
        Assert.Equal(20, run.Phase.Scheduled);
    }

    [Fact]
    public void A_request_that_the_server_closed_unread_is_sent_once_more()
    {
        var first = true;
        var wire = new SimulatedWire((at, completion) =>
        {
            var unread = first;
            first = false;
            return unread
                ? completion with { At = at + Millisecond, Kind = CompletionKind.Failed, Error = WireError.Closed, Unread = true }
                : completion with { At = at + Millisecond };
        });

        var run = LoopFixture.Run(LoopFixture.Open(10, TimeSpan.FromSeconds(1)), wire);

        Assert.Equal(1, run.Outcome.Resent);
        Assert.Equal(10, run.Phase.Succeeded);
        Assert.Equal(11, wire.Sent.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(2), run.Phase.Series(Measurement.LatencySeries).Max);
    }

    [Fact]
    public void Unexpected_statuses_are_failures_of_their_own_kind_and_in_no_latency_series()
    {
        var run = LoopFixture.Run(LoopFixture.Open(10, TimeSpan.FromSeconds(1)), new SimulatedWire((at, c) => c with { At = at + Millisecond, Status = 503 }));

        Assert.Equal(10, run.Phase.Seconds[0].Errors["status 503"]);
        Assert.Equal(0, run.Phase.Series(Measurement.LatencySeries).Count);
        Assert.Equal(1, run.Phase.ErrorRate);
    }

    [Fact]
    public void A_number_of_requests_ends_the_load_before_its_time()
    {
        var open = LoopFixture.Run(LoopFixture.Open(10, TimeSpan.FromSeconds(10)), new SimulatedWire((at, c) => c with { At = at + Millisecond }), new LoadOptions { MaxRequests = 25 });
        var closed = LoopFixture.Run(LoopFixture.Closed(4, TimeSpan.FromSeconds(10)), new SimulatedWire((at, c) => c with { At = at + Millisecond }), new LoadOptions { MaxRequests = 25 });

        Assert.Equal(25, open.Phase.Succeeded);
        Assert.Equal(25, closed.Phase.Succeeded);
    }

    [Fact]
    public void Users_who_cannot_connect_rest_before_they_try_again()
    {
        var run = LoopFixture.Run(
            LoopFixture.Closed(5, TimeSpan.FromSeconds(1)),
            new SimulatedWire((at, completion) => completion with { Kind = CompletionKind.Failed, Error = WireError.Connect }));

        Assert.InRange(run.Phase.Failed, 400, 500);
    }

    [Fact]
    public void Each_phase_holds_the_requests_that_were_due_in_it()
    {
        var profile = LoopFixture.Open(1, TimeSpan.FromSeconds(1)) with
        {
            Phases = [new RatePhase("calm", TimeSpan.FromSeconds(2), 50), new RatePhase("peak", TimeSpan.FromSeconds(1), 200)],
        };

        var run = LoopFixture.Run(profile, new SimulatedWire((at, c) => c with { At = at + (700 * Millisecond) }));

        Assert.Equal(["calm", "peak"], run.Phases.Select(phase => phase.Name));
        Assert.Equal([100L, 200L], run.Phases.Select(phase => phase.Succeeded));
        Assert.Equal([50L, 50L], run.Phases[0].Seconds.Select(second => second.Scheduled));
    }
}
