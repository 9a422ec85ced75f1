using System.Collections.Immutable;
using System.Globalization;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Gate;
using Tuner.Service.Submitting;

namespace Tuner.Service.Schedules;

/// <summary>
/// Makes the sweep of a run that is due: what was stored with the schedule, if the rules of now still allow it. Where a
/// recommendation was accepted, the sweep only asks whether it still holds; until then, and once after a night that failed,
/// it is the whole search, which starts from what earlier ones learnt. Its answer waits for a person to accept it.
/// </summary>
public sealed class ScheduledStart(ScheduleStore schedules, SweepIntake intake, GateStore gate, IStoredAdmission admission, TimeProvider time)
{
    /// <summary>The run, failed with its reason where there is no sweep to start; the same schedule and time bring the same sweep.</summary>
    public async Task<ScheduleRun> RunAsync(StoredSchedule schedule, DateTimeOffset due, string why, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var submission = SweepSubmission.FromJson((await schedules.SubmissionAsync(schedule.Id, cancellationToken))!);
        var reading = SweepFile.Rebuild(submission);
        var errors = reading.IsValid ? await admission.RefusalsAsync(submission, schedule.Project, cancellationToken) : [.. reading.Errors];
        if (!errors.IsEmpty)
        {
            return new ScheduleRun(due, now, ScheduleOutcome.Failed, null, string.Join(" ", errors.Select(error => error.Describe(reading.File))));
        }

        var tunes = await gate.WantsSearchAsync(schedule.Project, schedule.Name, cancellationToken);
        var accepted = tunes ? null : await gate.AcceptedAsync(schedule.Project, schedule.Name, cancellationToken);
        var answer = await intake.AddAsync(
            reading,
            new IntakeOptions
            {
                Project = schedule.Project,
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add(ScheduledSweeps.Label, schedule.Id),
                IdempotencyKey = string.Create(CultureInfo.InvariantCulture, $"schedule {schedule.Id} {due.ToUnixTimeMilliseconds()}"),
                Reason = $"schedule {schedule.Id}: {why}{(tunes ? "; tunes again, since the last night failed" : "")}",
                Gate = accepted?.Candidate,
            },
            cancellationToken);
        return new ScheduleRun(due, now, ScheduleOutcome.Started, answer.Sweep.Id, why);
    }
}
