using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Tuner.Service.Schedules;

/// <summary>
/// Notices when this machine's clock is put forward or back, and says so. What counts time that passes (leases, budgets,
/// patience) does not mind; what waits for a time of the clock is counted anew: the scheduler's looks, which would wait until
/// a clock that was put back has caught up, and a minute where it was put forward, and when schedules are due.
/// </summary>
internal sealed partial class ClockWatch(ISchedulerFactory scheduler, ScheduledSweeps schedules, TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Less is how clocks are set right all the time.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(3);

    /// <summary>The scheduler's own looks come more often than this.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>From before anything runs: a jump before the first look is one too.</summary>
    private (DateTimeOffset Clock, long Timestamp) before = (time.GetUtcNow(), time.GetTimestamp());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The clock may have been put back while nothing was running.
        var isOff = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            (DateTimeOffset Clock, long Timestamp) now = (time.GetUtcNow(), time.GetTimestamp());
            var jumped = now.Clock - before.Clock - time.GetElapsedTime(before.Timestamp, now.Timestamp);
            before = now;
            if (jumped.Duration() >= Jump)
            {
                Jumped(logger, jumped > TimeSpan.Zero ? "forward" : "back", Math.Round(jumped.Duration().TotalSeconds));
                isOff = true;
            }

            isOff = isOff && !await CountAnewAsync(stoppingToken);
            await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>
    /// False where it could not be done, as without the database, and where a look was far off: it is looked once more, since
    /// the scheduler may have been writing what it had counted before the jump.
    /// </returns>
    private async Task<bool> CountAnewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var wasOff = await LookAgainAsync(cancellationToken);
            foreach (var schedule in await schedules.CountAnewAsync(cancellationToken))
            {
                Counted(logger, schedule.Id, schedule.NextAt!.Value);
            }

            return !wasOff;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The job loop: whoever looks for sweeps says that the database is away.
            return false;
        }
    }

    /// <summary>The scheduler's own triggers start from now where they wait for a later time, or were left for the look at what was missed.</summary>
    /// <returns>Whether there was such a one.</returns>
    private async Task<bool> LookAgainAsync(CancellationToken cancellationToken)
    {
        var running = await scheduler.GetScheduler(cancellationToken);
        var (now, wasOff) = (time.GetUtcNow(), false);
        foreach (var key in await running.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), cancellationToken))
        {
            if (await running.GetTrigger(key, cancellationToken) is { } trigger && (trigger.NextFireTimeUtc - now)?.Duration() > Soon)
            {
                await running.RescheduleJob(key, trigger.GetTriggerBuilder().StartAt(now).Build(), cancellationToken);
                wasOff = true;
            }
        }

        return wasOff;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This machine's clock was put {Direction} by {Seconds} s. Leases, budgets and trials count the time that passes and go on; schedules follow the clock")]
    private static partial void Jumped(ILogger logger, string direction, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} is due at {NextAt:u} again: its next time was counted from a later one, before the clock was put back")]
    private static partial void Counted(ILogger logger, string schedule, DateTimeOffset nextAt);
}
