using Tuner.Core.Schedules;

namespace Tuner.Core.Tests.Schedules;

public sealed class CronTimesTests
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    [Fact]
    public void Runs_every_night_at_the_local_hour_through_both_changes_of_the_clock()
    {
        Assert.Equal(
            ["2026-03-28T02:00+00:00", "2026-03-29T02:00+01:00", "2026-03-30T02:00+01:00"],
            Times("0 2 * * *", "2026-03-27T12:00Z", 3));
        Assert.Equal(
            ["2026-10-24T02:00+01:00", "2026-10-25T02:00+00:00", "2026-10-26T02:00+00:00"],
            Times("0 2 * * *", "2026-10-23T12:00Z", 3));
    }

    [Fact]
    public void Runs_once_after_the_gap_where_its_time_does_not_exist()
    {
        Assert.Equal(
            ["2026-03-28T01:30+00:00", "2026-03-29T02:00+01:00", "2026-03-30T01:30+01:00"],
            Times("30 1 * * *", "2026-03-27T12:00Z", 3));
    }

    [Fact]
    public void Runs_at_the_first_of_two_equal_readings()
    {
        Assert.Equal(
            ["2026-10-24T01:30+01:00", "2026-10-25T01:30+01:00", "2026-10-26T01:30+00:00"],
            Times("30 1 * * *", "2026-10-23T12:00Z", 3));
    }

    [Fact]
    public void An_hourly_schedule_runs_every_hour_through_both_changes()
    {
        Assert.Equal(
            ["2026-03-29T00:15+00:00", "2026-03-29T02:15+01:00", "2026-03-29T03:15+01:00"],
            Times("15 * * * *", "2026-03-28T23:30Z", 3));
        Assert.Equal(
            ["2026-10-25T00:15+01:00", "2026-10-25T01:15+01:00", "2026-10-25T01:15+00:00", "2026-10-25T02:15+00:00"],
            Times("15 * * * *", "2026-10-24T22:30Z", 4));
    }

    [Theory]
    [InlineData("0 0 29 2 *", "2026-01-01T00:00Z", "2028-02-29T00:00+00:00")]
    [InlineData("0 9 * * MON-FRI", "2026-11-20T10:00Z", "2026-11-23T09:00+00:00")]
    [InlineData("0 9 * * 7", "2026-11-20T10:00Z", "2026-11-22T09:00+00:00")]
    [InlineData("*/20 8-9 * * *", "2026-11-20T08:41Z", "2026-11-20T09:00+00:00")]
    [InlineData("5,35 * 1 JAN *", "2026-11-20T08:41Z", "2027-01-01T00:05+00:00")]
    [InlineData("0 12 13 * FRI", "2026-11-01T00:00Z", "2026-11-06T12:00+00:00")]
    [InlineData("0 2 * * *", "2026-11-20T02:00Z", "2026-11-21T02:00+00:00")]
    public void Finds_the_next_time(string cron, string after, string next) => Assert.Equal(next, Times(cron, after, 1).Single());

    [Fact]
    public void Finds_nothing_for_a_day_that_never_comes() =>
        Assert.Null(new CronTimes("0 0 30 2 *", London).Next(DateTimeOffset.UnixEpoch));

    private static IEnumerable<string> Times(string cron, string after, int count) =>
        new CronTimes(cron, London).After(DateTimeOffset.Parse(after)).Take(count).Select(time => time.ToString("yyyy-MM-ddTHH:mmzzz"));
}
