using System.Collections.Immutable;
using Tuner.Core.Schedules;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Storage;

namespace Tuner.Service.Schedules;

/// <summary>
/// Starts what is due. A run is started under a key made of its schedule and its time before the schedule moves on: done
/// twice, on one node or two, it is still one sweep. Where a recommendation was accepted, the run only asks whether it
/// still holds; until then it is the whole search.
/// </summary>
public sealed class ScheduledSweeps(ScheduleStore schedules, ISweepStore sweeps, SweepControl control, ScheduledStart start, TimeProvider time)
{
    /// <summary>A run that is later than this was missed.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    private const string Elsewhere = "while no service was running, or its clock was behind";

    /// <summary>The times at which a rule is due.</summary>
    public static IEnumerable<DateTimeOffset> Times(SweepSchedule rule, DateTimeOffset after) =>
        new CronTimes(rule.Cron, TimeZoneInfo.FindSystemTimeZoneById(rule.TimeZone)).After(after);

    /// <summary>Stores the schedule of a sweep that has one; the one of the same name is changed, and stays paused if it was.</summary>
    /// <exception cref="InvalidOperationException">The reading is not valid, or has no schedule.</exception>
    public async Task<StoredSchedule> PutAsync(SweepReading reading, string project, CancellationToken cancellationToken)
    {
        if (reading is not { IsValid: true, Sweep: { Schedule: { } rule } sweep })
        {
            throw new InvalidOperationException($"{reading.File} has errors or no schedule.");
        }

        var now = time.GetUtcNow();
        var id = IdOf(project, sweep.Name);
        var paused = await schedules.FindAsync(id, cancellationToken) is { Paused: true };
        var schedule = new StoredSchedule
        {
            Id = id,
            Project = project,
            Name = sweep.Name,
            Rule = rule,
            Paused = paused,
            NextAt = paused ? null : Next(rule, now),
            CreatedAt = now,
        };
        await schedules.PutAsync(schedule, reading.Submission!.ToJson(), cancellationToken);
        return (await schedules.FindAsync(schedule.Id, cancellationToken))!;
    }

    /// <summary>One schedule for each name of a project.</summary>
    public static string IdOf(string project, string name) =>
        string.Equals(project, StoredSweep.DefaultProject, StringComparison.Ordinal) ? name : $"{project}.{name}";

    /// <summary>Changes when and how a schedule runs; what it is due for counts anew from now, unless nothing changes.</summary>
    /// <returns>As it is now; null without such a schedule.</returns>
    public async Task<StoredSchedule?> ChangeAsync(StoredSchedule schedule, SweepSchedule rule, bool paused, CancellationToken cancellationToken)
    {
        if (rule == schedule.Rule && paused == schedule.Paused)
        {
            return schedule;
        }

        var changed = schedule with { Rule = rule, Paused = paused, NextAt = paused ? null : Next(rule, time.GetUtcNow()) };
        return await schedules.ChangeAsync(changed, cancellationToken) ? changed : null;
    }

    /// <summary>Pauses a schedule, or lets it go on with the next time from now.</summary>
    public async Task<bool> PauseAsync(string id, bool paused, CancellationToken cancellationToken) =>
        await schedules.FindAsync(id, cancellationToken) is { } schedule
        && await schedules.PauseAsync(id, paused, paused ? null : Next(schedule.Rule, time.GetUtcNow()), cancellationToken);

    /// <summary>Starts a run now, whatever is due or going; null without such a schedule.</summary>
    public async Task<ScheduleRun?> RunNowAsync(string id, CancellationToken cancellationToken)
    {
        if (await schedules.FindAsync(id, cancellationToken) is not { } schedule)
        {
            return null;
        }

        var run = await start.RunAsync(schedule, time.GetUtcNow(), "asked for", cancellationToken);
        await schedules.NoteAsync(id, run, cancellationToken);
        return run;
    }

    /// <summary>Does what is due; to be called every few seconds, on any number of nodes.</summary>
    /// <returns>What was done by this call.</returns>
    public async Task<ImmutableArray<ScheduleRun>> RunDueAsync(CancellationToken cancellationToken)
    {
        var done = ImmutableArray.CreateBuilder<ScheduleRun>();
        foreach (var schedule in await schedules.DueAsync(time.GetUtcNow(), cancellationToken))
        {
            if (await RunDueAsync(schedule, cancellationToken) is { } run)
            {
                done.Add(run);
            }
        }

        return done.ToImmutable();
    }

    /// <summary>
    /// To be called at the start and when the clock was put back: a schedule whose next time was counted from a later one is
    /// due at its first time from now on that has not had its run.
    /// </summary>
    /// <returns>The schedules that are due earlier than they were.</returns>
    public async Task<ImmutableArray<StoredSchedule>> CountAnewAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var changed = ImmutableArray.CreateBuilder<StoredSchedule>();
        foreach (var schedule in await schedules.ListAsync(cancellationToken))
        {
            if (schedule.NextAt is not { } known || known <= now || Next(schedule.Rule, now) >= known)
            {
                continue;
            }

            var had = await schedules.DueTimesAsync(schedule.Id, now, cancellationToken);
            var next = Times(schedule.Rule, now).First(each => each >= known || !had.Contains(each));
            if (next < known && await schedules.MoveAsync(schedule, next, cancellationToken))
            {
                changed.Add(schedule with { NextAt = next });
            }
        }

        return changed.ToImmutable();
    }

    private async Task<ScheduleRun?> RunDueAsync(StoredSchedule schedule, CancellationToken cancellationToken)
    {
        var (now, due) = (time.GetUtcNow(), schedule.NextAt!.Value);
        if (now - due > Late && schedule.Rule.Missed is MissedRuns.Skip)
        {
            return await DoneAsync(schedule, new ScheduleRun(due, now, ScheduleOutcome.Missed, null, $"It came due {(now - due).TotalMinutes:F0} minutes ago, {Elsewhere}."), cancellationToken);
        }

        var going = await GoingAsync(schedule, cancellationToken);
        switch (schedule.Rule.Overlap)
        {
            case ScheduleOverlap.Skip when going.Length > 0:
                return await DoneAsync(schedule, new ScheduleRun(due, now, ScheduleOutcome.Skipped, null, $"Sweep {going[0].Id} was still going."), cancellationToken);
            case ScheduleOverlap.Queue when going.Length > 0:
                // It stays due until the other has ended; what comes due meanwhile is the same run.
                return null;
            case ScheduleOverlap.Cancel:
                foreach (var sweep in going)
                {
                    await control.CancelAsync(sweep.Id, "the next run of its schedule is due", cancellationToken);
                }

                break;
        }

        return await DoneAsync(schedule, await start.RunAsync(schedule, due, now - due > Late ? $"due earlier, {Elsewhere}" : "due", cancellationToken), cancellationToken);
    }

    private async Task<ScheduleRun?> DoneAsync(StoredSchedule schedule, ScheduleRun run, CancellationToken cancellationToken) =>
        await schedules.DoneAsync(schedule, run, Next(schedule.Rule, time.GetUtcNow()), cancellationToken) ? run : null;

    /// <summary>The label that names a sweep's schedule.</summary>
    public const string Label = "tuner-schedule";

    private async Task<ImmutableArray<StoredSweep>> GoingAsync(StoredSchedule schedule, CancellationToken cancellationToken) =>
        (await sweeps.ListSweepsAsync(
            new SweepQuery
            {
                Projects = [schedule.Project],
                States = [SweepState.Queued, SweepState.Running, SweepState.Paused],
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add(Label, schedule.Id),
            },
            cancellationToken)).Sweeps;

    private static DateTimeOffset? Next(SweepSchedule rule, DateTimeOffset after) => Times(rule, after).Select(next => (DateTimeOffset?)next.ToUniversalTime()).FirstOrDefault();
}
