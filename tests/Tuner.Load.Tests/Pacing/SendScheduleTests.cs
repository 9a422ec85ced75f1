using System.Collections.Immutable;
using Tuner.Core.Loads;
using Tuner.Load.Pacing;

namespace Tuner.Load.Tests.Pacing;

public class SendScheduleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Constant_arrivals_are_evenly_spaced_and_do_not_drift()
    {
        var times = Times(Arrival.Constant, new RatePhase("a", Minute, 3000));

        Assert.Equal(180_000, times.Count);
        Assert.All(times.Index(), entry => Assert.InRange(entry.Item - (entry.Index * 1e9 / 3000), -2, 2));
    }

    [Fact]
    public void Poisson_arrivals_have_exponential_gaps_of_the_right_mean()
    {
        var times = Times(Arrival.Poisson, new RatePhase("a", TimeSpan.FromMinutes(10), 500));
        var gaps = times.Zip(times.Skip(1), (left, right) => (right - left) / 1e9).ToList();

        // Mean and deviation are both 1/rate; the share of gaps over the mean is 1/e.
        Assert.InRange(gaps.Average(), 0.00199, 0.00201);
        Assert.InRange(Math.Sqrt(gaps.Average(gap => gap * gap) - Math.Pow(gaps.Average(), 2)), 0.00198, 0.00202);
        Assert.InRange(gaps.Count(gap => gap > 0.002) / (double)gaps.Count, 0.365, 0.371);
    }

    [Fact]
    public void The_same_seed_gives_the_same_times_and_another_seed_others()
    {
        var phase = new RatePhase("a", Minute, 50);

        Assert.Equal(Times(Arrival.Poisson, phase), Times(Arrival.Poisson, phase));
        Assert.NotEqual(Times(Arrival.Poisson, phase), Times(Arrival.Poisson, phase, seed: 2));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Several_threads_share_one_schedule_without_changing_it(int shards)
    {
        var phase = new RatePhase("a", Minute, 77);
        var whole = Times(Arrival.Poisson, phase);

        var parts = Enumerable.Range(0, shards).SelectMany(shard => Times(Arrival.Poisson, phase, shard: shard, shards: shards)).Order();

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void A_ramp_sends_the_area_under_its_line()
    {
        var times = Times(Arrival.Constant, new RampPhase("ramp", TimeSpan.FromSeconds(10), 0, 100));

        // Half of the area lies before 10 s / sqrt 2.
        Assert.Equal(500, times.Count);
        Assert.Equal(7.07, times[250] / 1e9, 0.01);
    }

    [Fact]
    public void A_curve_follows_its_points_and_stays_level_outside_them()
    {
        var curve = new CurvePhase("day", TimeSpan.FromSeconds(30), [new(TimeSpan.FromSeconds(10), 100), new(TimeSpan.FromSeconds(20), 10)]);

        var times = Times(Arrival.Constant, curve);

        Assert.Equal(1000, times.Count(time => time < 10e9));
        Assert.Equal(550, times.Count(time => time is >= (long)10e9 and < (long)20e9));
        Assert.Equal(100, times.Count(time => time >= 20e9));
    }

    [Fact]
    public void Recorded_arrivals_are_sent_when_they_were_recorded()
    {
        ImmutableArray<TimeSpan> recorded = [TimeSpan.Zero, TimeSpan.FromMilliseconds(3), TimeSpan.FromMilliseconds(3), TimeSpan.FromSeconds(1)];

        Assert.Equal([0, 3_000_000, 3_000_000, 1_000_000_000], Times(Arrival.Constant, new RecordedPhase("log", Minute, recorded)));
    }

    [Fact]
    public void Bodies_come_in_the_proportion_of_their_weights()
    {
        ImmutableArray<WeightedBody> bodies = [new("small", new byte[1], 8), new("never", new byte[1], 0), new("large", new byte[1], 2)];
        var picker = new BodyPicker(bodies, 42);

        var picked = Enumerable.Range(0, 100_000).CountBy(request => picker.Pick(request)).ToDictionary();

        Assert.InRange(picked[0], 79_000, 81_000);
        Assert.InRange(picked[2], 19_000, 21_000);
        Assert.False(picked.ContainsKey(1));
    }

    private static List<long> Times(Arrival arrival, Phase phase, ulong seed = 1, int shard = 0, int shards = 1)
    {
        var schedule = new SendSchedule([new PlannedPhase(phase, 0, Recorded: true)], arrival, seed, shard, shards);
        var times = new List<long>();
        for (; !schedule.Ended; schedule.MoveNext())
        {
            times.Add(schedule.Due);
        }

        return times;
    }
}
