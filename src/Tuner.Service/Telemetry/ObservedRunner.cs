using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports;

namespace Tuner.Service.Telemetry;

/// <summary>A runner whose trials are seen: a span for each trial and for each of its steps, a line for each state.</summary>
internal sealed partial class ObservedRunner(ITrialRunner inner, SweepSpans spans, TunerMeter meter, ILogger<ObservedRunner> logger) : ITrialRunner
{
    public bool PicksUp => inner.PicksUp;

    public async Task<TrialOutcome> RunAsync(Sweep sweep, Trial trial, ITrialObserver observer, CancellationToken cancellationToken)
    {
        using var span = SweepSpans.Source.StartActivity("trial", ActivityKind.Internal, spans.Of(trial),
        [
            new("tuner.sweep", sweep.Name), new("tuner.trial", trial.Id.Value), new("tuner.purpose", trial.Purpose.ToString()),
        ]);
        meter.TrialStarted();
        TrialDeploying(logger, trial.Id, sweep.Name, trial.Purpose);
        var outcome = new TrialOutcome(new TrialState.Interrupted("the runner broke"), TimeSpan.Zero);
        using var steps = new Steps(observer, () => TrialMeasuring(logger, trial.Id, sweep.Name));
        try
        {
            outcome = await inner.RunAsync(sweep, trial, steps, cancellationToken);
            return outcome;
        }
        finally
        {
            var reason = SecretMask.Of(sweep).Text(Reason(outcome.State));
            meter.TrialEnded(trial, outcome);
            span?.SetTag("tuner.state", outcome.State.Name);
            span?.SetStatus(outcome.State is TrialState.Measured ? ActivityStatusCode.Ok : ActivityStatusCode.Error, reason);
            TrialEnded(logger, trial.Id, sweep.Name, outcome.State.Name, reason);
        }
    }

    public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => inner.RemoveLeftoversAsync(cancellationToken);

    private static string Reason(TrialState state) => state switch
    {
        TrialState.Measured measured => measured.Measurement.EndedEarly ?? "the load ran to its end",
        TrialState.Invalid invalid => invalid.Reason,
        TrialState.CandidateFailed failed => $"{failed.Kind}: {failed.Reason}",
        TrialState.Interrupted interrupted => interrupted.Cause,
        TrialState.Cancelled cancelled => cancelled.Reason,
        _ => "it goes on without this process",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Trial {Trial} of {Sweep} is Deploying ({Purpose})")]
    private static partial void TrialDeploying(ILogger logger, TrialId trial, string sweep, TrialPurpose purpose);

    [LoggerMessage(Level = LogLevel.Information, Message = "Trial {Trial} of {Sweep} is Measuring: the candidate is ready")]
    private static partial void TrialMeasuring(ILogger logger, TrialId trial, string sweep);

    [LoggerMessage(Level = LogLevel.Information, Message = "Trial {Trial} of {Sweep} is {State}: {Reason}")]
    private static partial void TrialEnded(ILogger logger, TrialId trial, string sweep, string state, string reason);

    /// <summary>Passes on what a runner tells, and keeps a span open for the step that it is in.</summary>
    private sealed class Steps : ITrialObserver, IDisposable
    {
        private readonly ITrialObserver observer;
        private readonly Action measuring;
        private readonly ActivityContext trial = Activity.Current?.Context ?? default;
        private readonly Lock gate = new();
        private Activity? step;

        public Steps(ITrialObserver observer, Action measuring)
        {
            (this.observer, this.measuring) = (observer, measuring);
            Enter("deploying");
        }

        public CancellationToken Leaving => observer.Leaving;

        public async Task MeasuringAsync(CancellationToken cancellationToken)
        {
            await observer.MeasuringAsync(cancellationToken);
            measuring();
            Enter("measuring");
        }

        public void Progress(TrialProgress progress)
        {
            Enter(progress.Step);
            observer.Progress(progress);
        }

        public void Dispose()
        {
            lock (gate)
            {
                step?.Dispose();
                step = null;
            }
        }

        // Called from any thread: the span is no thread's current one.
        private void Enter(string name)
        {
            lock (gate)
            {
                if (string.Equals(step?.DisplayName, name, StringComparison.Ordinal))
                {
                    return;
                }

                step?.Dispose();
                var current = Activity.Current;
                step = SweepSpans.Source.StartActivity(name, ActivityKind.Internal, trial);
                Activity.Current = current;
            }
        }
    }
}
