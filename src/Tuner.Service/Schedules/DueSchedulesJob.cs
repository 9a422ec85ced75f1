using Quartz;

namespace Tuner.Service.Schedules;

/// <summary>Looks for due schedules every few seconds; the scheduler's cluster lets one node at a time do so.</summary>
[DisallowConcurrentExecution]
public sealed class DueSchedulesJob(ScheduledSweeps schedules) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await schedules.RunDueAsync(cancellationToken);
}
