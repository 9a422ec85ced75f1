using System.CommandLine;
using System.Globalization;
using Tuner.Cli.Remote;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Schedules;

namespace Tuner.Cli;

/// <summary><c>tuner schedule</c>: when a sweep runs again.</summary>
internal static class ScheduleCommand
{
    public static Command Create(TimeProvider time)
    {
        var command = new Command("schedule", "When a sweep runs again: preview it here, or let a service do it.") { Preview(time) };
        foreach (var remote in ScheduleCommands.Create())
        {
            command.Add(remote);
        }

        return command;
    }

    private static Command Preview(TimeProvider time)
    {
        var file = new Argument<string>("sweep") { Description = "The sweep's definition, YAML or JSON, with a schedule." };
        var count = new Option<int>("--count") { Description = "How many times to print.", DefaultValueFactory = _ => 10 };
        var from = new Option<string?>("--from") { Description = "The moment to start from, such as 2026-10-24T00:00Z. Default: now." };
        var (url, format) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("preview", "Prints the next times at which the sweep is due, local and UTC. Asks the service that TUNER_URL names where only services know the target.") { file, count, from, url, format };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, errors, start) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, time.GetUtcNow());
            if (parsed.GetValue(from) is { } moment && !DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out start))
            {
                await errors.WriteLineAsync($"--from: '{moment}' is no moment. Write it such as 2026-10-24T00:00Z.");
                return ExitCode.BadInput;
            }

            var reading = SweepFile.Load(parsed.GetRequiredValue(file), ShippedPrices.Load());
            var (code, schedule) = await ScheduleOfAsync(reading, parsed.GetValue(url), errors, cancellationToken);
            if (schedule is not null)
            {
                Print(schedule, start, parsed.GetValue(count), output, parsed.GetValue(format) is "json");
            }

            return code;
        });
        return command;
    }

    private static async Task<(int Code, SweepSchedule? Schedule)> ScheduleOfAsync(SweepReading reading, string? url, TextWriter errors, CancellationToken cancellationToken)
    {
        SweepSchedule? schedule;
        if (RemotePlan.IsWanted(reading, url))
        {
            var answer = await RemotePlan.AskAsync(reading, url, errors, cancellationToken);
            ServiceConnection.Tell(answer.Problems, reading.File, errors);
            if (answer.Plan is null)
            {
                return (answer.Code, null);
            }

            schedule = answer.Plan.Schedule is { } rule
                ? new SweepSchedule(rule.Cron, rule.TimeZone, Enum.Parse<ScheduleOverlap>(rule.Overlap, ignoreCase: true), Enum.Parse<MissedRuns>(rule.Missed, ignoreCase: true))
                : null;
        }
        else
        {
            ValidateCommand.Print(reading with { Problems = [.. reading.Errors] }, errors);
            if (!reading.IsValid)
            {
                return (ExitCode.BadInput, null);
            }

            schedule = reading.Sweep.Schedule;
        }

        if (schedule is null)
        {
            await errors.WriteLineAsync($"{reading.File}: has no schedule. Write one such as: schedule: {{ cron: \"0 2 * * *\", timeZone: Europe/London }}");
        }

        return (schedule is null ? ExitCode.BadInput : ExitCode.Ok, schedule);
    }

    private static void Print(SweepSchedule schedule, DateTimeOffset start, int count, TextWriter output, bool json)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        var times = ScheduledSweeps.Times(schedule, start).Take(Math.Max(0, count)).Select(due => new ScheduleTime(due.ToUniversalTime(), TimeZoneInfo.ConvertTime(due, zone))).ToArray();
        if (json)
        {
            output.Write(ServiceConnection.Json(times));
            return;
        }

        output.WriteLine($"{schedule.Cron} in {schedule.TimeZone}; overlap: {schedule.Overlap.ToString().ToLowerInvariant()}; missed: {schedule.Missed.ToString().ToLowerInvariant()}");
        foreach (var due in times)
        {
            output.WriteLine($"{due.Local:ddd yyyy-MM-dd HH:mm zzz}  {due.At:yyyy-MM-dd HH:mm}Z");
        }
    }
}
