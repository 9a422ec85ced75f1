using Tuner.Load.Looping;

namespace Tuner.Load.Tests.Looping;

public sealed class SendTimingTests
{
    [Theory]
    [InlineData("Default", 1_000, 0.5, true)]
    [InlineData("Default", 1_000, 50, false)]
    [InlineData("Default", 20_000, 0.5, false)]
    [InlineData("Precise", 1_000, 50, true)]
    [InlineData("Economical", 1_000, 0.5, false)]
    public void Spins_where_a_sleeping_thread_would_wake_too_late_for_the_target_and_time_is_left_for_others(
        string pacing, double rate, double answerMilliseconds, bool spins)
    {
        var wire = Answering(answerMilliseconds);

        LoopFixture.Run(LoopFixture.Open(rate, TimeSpan.FromSeconds(3)), wire, new LoadOptions { Pacing = Enum.Parse<LoadPacing>(pacing) });

        Assert.Equal(spins, wire.LongestSpin > 0);
    }

    [Fact]
    public void Economical_pacing_sends_in_ticks_of_a_millisecond()
    {
        var wire = Answering(10);

        LoopFixture.Run(LoopFixture.Open(10_000, TimeSpan.FromSeconds(1)), wire, new LoadOptions { Pacing = LoadPacing.Economical });

        // Ten sends share a wake-up; those due at an answer's time go out with it.
        Assert.InRange(wire.Sent.Select(sent => sent.At).Distinct().Count(), 900, 1100);
    }

    [Fact]
    public void Default_pacing_delays_by_less_than_a_hundredth_of_the_targets_median_latency()
    {
        // Answers come in bundles: each would wake the loop by itself.
        var wire = new SimulatedWire((at, completion) => completion with { At = ((at / LoopFixture.Millisecond) + 20) * LoopFixture.Millisecond });

        LoopFixture.Run(LoopFixture.Open(50_000, TimeSpan.FromSeconds(3)), wire, slots: 16_384);

        var late = wire.Sent.Select((sent, index) => sent.At - (index * LoopFixture.Second / 50_000)).Order().ToList();
        Assert.InRange(late[late.Count / 2], 0, 0.2 * LoopFixture.Millisecond);
        Assert.InRange(wire.Sent.Select(sent => sent.At).Distinct().Count(), 1, wire.Sent.Count / 2);
    }

    private static SimulatedWire Answering(double milliseconds) =>
        new((at, completion) => completion with { At = at + (long)(milliseconds * LoopFixture.Millisecond) });
}
