using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Storage;

namespace Tuner.Service.Telemetry;

/// <summary>
/// A span for each stretch of work on a sweep, from its first sign on this node to the state in which the work ends. Trials
/// of the sweep are its children.
/// </summary>
internal sealed partial class SweepSpans(ProgressBus bus, TunerMeter meter, ILogger<SweepSpans> logger) : BackgroundService
{
    public const string SourceName = "Tuner";

    public static ActivitySource Source { get; } = new(SourceName);

    private readonly ConcurrentDictionary<string, Activity?> spans = new(StringComparer.Ordinal);

    /// <summary>The span that a trial belongs under; begun here where the trial is heard of first.</summary>
    public ActivityContext Of(Trial trial)
    {
        // SWEEP-NUMBER
        var id = trial.Id.Value;
        return spans.GetOrAdd(id[..id.LastIndexOf('-')], Begin)?.Context ?? default;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = bus.Subscribe();
        try
        {
            await foreach (var happened in subscription.Events.ReadAllAsync(stoppingToken))
            {
                if (happened is SweepEvent.StateChanged changed)
                {
                    Change(changed);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that could not start would take this for a failure.
        }
        finally
        {
            foreach (var span in spans.Values)
            {
                span?.Dispose();
            }
        }
    }

    private static Activity? Begin(string sweep)
    {
        // Work on a sweep belongs to no request, whoever's thread it began on.
        var span = Source.StartActivity("sweep", ActivityKind.Internal, parentContext: default, [new("tuner.sweep", sweep)]);
        if (span is not null && ReferenceEquals(Activity.Current, span))
        {
            Activity.Current = span.Parent;
        }

        return span;
    }

    private void Change(SweepEvent.StateChanged changed)
    {
        meter.SweepChanged(changed.State.ToString());
        if (changed.State is SweepState.Running)
        {
            spans.GetOrAdd(changed.Sweep.Value, Begin);
            return;
        }

        if (!spans.TryRemove(changed.Sweep.Value, out var span))
        {
            // Nothing ran: submitted, resumed, or paused and cancelled while it waited. What ends a run is told by the run.
            SweepChanged(logger, changed.Sweep, changed.State, changed.Reason);
        }

        if (span is not null)
        {
            span.SetTag("tuner.state", changed.State.ToString());
            span.SetStatus(changed.State is SweepState.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok, changed.Reason);
            span.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sweep {Sweep} is {State}: {Reason}")]
    private static partial void SweepChanged(ILogger logger, SweepId sweep, SweepState state, string reason);
}
