using Quartz;

namespace Tuner.Service.Notifications;

/// <summary>Sends what is due every few seconds, on one node at a time.</summary>
[DisallowConcurrentExecution]
public sealed class NotificationsJob(Courier courier) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await courier.SendDueAsync(cancellationToken);
}
