using System.CommandLine;
using System.Globalization;
using Tuner.Cli.Remote;
using Tuner.Core.Api;
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
        var format = ServiceConnection.OutputOption();
        var command = new Command("preview", "Prints the next times at which the sweep is due, local and UTC.") { file, count, from, format };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(count), parsed.GetValue(from), time, Console.Out, Console.Error, parsed.GetValue(format) is "json"));
        return command;
    }

    internal static int Run(string file, int count, string? from, TimeProvider time, TextWriter output, TextWriter errors, bool json = false)
    {
        var start = time.GetUtcNow();
        if (from is not null && !DateTimeOffset.TryParse(from, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out start))
        {
            errors.WriteLine($"--from: '{from}' is no moment. Write it such as 2026-10-24T00:00Z.");
            return ExitCode.BadInput;
        }

        var reading = SweepFile.Load(file, ShippedPrices.Load());
        foreach (var problem in reading.Errors)
        {
            errors.WriteLine(problem.Describe(reading.File));
        }

        if (!reading.IsValid)
        {
            return ExitCode.BadInput;
        }

        if (reading.Sweep.Schedule is not { } schedule)
        {
            errors.WriteLine($"{file}: has no schedule. Write one such as: schedule: {{ cron: \"0 2 * * *\", timeZone: Europe/London }}");
            return ExitCode.BadInput;
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        var times = ScheduledSweeps.Times(schedule, start).Take(Math.Max(0, count)).Select(due => new ScheduleTime(due.ToUniversalTime(), TimeZoneInfo.ConvertTime(due, zone))).ToArray();
        if (json)
        {
            output.Write(ServiceConnection.Json(times));
            return ExitCode.Ok;
        }

        output.WriteLine($"{schedule.Cron} in {schedule.TimeZone}; overlap: {schedule.Overlap.ToString().ToLowerInvariant()}; missed: {schedule.Missed.ToString().ToLowerInvariant()}");
        foreach (var due in times)
        {
            output.WriteLine($"{due.Local:ddd yyyy-MM-dd HH:mm zzz}  {due.At:yyyy-MM-dd HH:mm}Z");
        }

        return ExitCode.Ok;
    }
}
