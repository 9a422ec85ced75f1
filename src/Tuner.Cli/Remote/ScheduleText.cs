using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary>What a service tells of schedules, in lines for a person.</summary>
internal static class ScheduleText
{
    public static string Of(ScheduleView schedule)
    {
        var next = schedule.Paused ? "paused" : schedule.NextAt is { } due ? $"next {Moment(due)}" : "never due";
        return $"{schedule.Id}  {schedule.Cron} in {schedule.TimeZone}  overlap {schedule.Overlap}, missed {schedule.Missed}  {next}";
    }

    public static string Of(ScheduleRunView run)
    {
        var sweep = run.Sweep is null ? "" : $"  {run.Sweep}{(run.SweepState is { } state ? $" {state}" : "")}";
        var verdict = run.Verdict is null ? "" : $"  {run.Verdict}: {run.VerdictReason}";
        return $"{Moment(run.DueAt)}  {run.Outcome} ({run.Reason}){sweep}{verdict}";
    }

    public static string Of(ShownSchedule shown)
    {
        var text = new StringBuilder(Of(shown.Schedule));
        text.Append(CultureInfo.InvariantCulture, $"\n\n{(shown.Schedule.Paused ? "Were it not paused, it would be due" : "Due")}\n");
        foreach (var due in shown.Next)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {due.Local:ddd yyyy-MM-dd HH:mm zzz}  {Moment(due.At)}\n");
        }

        text.Append("\nRuns, newest first\n").AppendJoin('\n', shown.History.Select(run => $"  {Of(run)}"));
        return text.Append(shown.History.IsEmpty ? "  none yet" : "").ToString();
    }

    public static string Table(ImmutableArray<ScheduleView> schedules) =>
        schedules.IsEmpty ? "No schedules. 'tuner schedule create FILE' makes one." : string.Join('\n', schedules.Select(Of));

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
