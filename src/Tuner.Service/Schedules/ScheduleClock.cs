using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Quartz;

namespace Tuner.Service.Schedules;

/// <summary>
/// Quartz as a part of the host, with an end to its stop: without its database it asks again and again whether what it
/// had begun can be given back, and would hold the process until somebody kills it. Another node, or the next start, recovers that.
/// </summary>
/// <remarks>Names the interface again, since Quartz's own stop cannot be overridden.</remarks>
internal sealed partial class ScheduleClock(
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    IOptionsMonitor<QuartzHostedServiceOptions> options,
    TimeProvider time,
    ILogger<ScheduleClock> logger) : QuartzHostedService(lifetime, services, options), IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    async Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The host's own time may be used up already by what stopped before; that is no reason not to stop in good order.
            await StopAsync(cancellationToken).WaitAsync(Patience, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            LeftBehind(Patience.TotalSeconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedules did not stop within {Seconds} s and are left as they are; what was begun is recovered by another node or at the next start")]
    private partial void LeftBehind(double seconds);
}
