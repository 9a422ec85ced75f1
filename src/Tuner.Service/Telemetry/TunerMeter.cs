using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tuner.Core.Trials;

namespace Tuner.Service.Telemetry;

/// <summary>What the service counts, in the words of the field; names and units follow OpenTelemetry.</summary>
internal sealed class TunerMeter : IDisposable
{
    public const string Name = "Tuner";

    private readonly Meter meter = new(Name);
    private readonly Counter<long> trials;
    private readonly Histogram<double> deployed;
    private readonly Counter<long> requests;
    private readonly UpDownCounter<long> running;
    private readonly Counter<long> sweeps;

    public TunerMeter()
    {
        trials = meter.CreateCounter<long>("tuner.trials", "{trial}", "Trials that have ended, by state and purpose.");
        deployed = meter.CreateHistogram<double>("tuner.trial.deployed", "s", "From a deployment's start to the candidate's removal.");
        requests = meter.CreateCounter<long>("tuner.trial.requests", "{request}", "Requests sent in measured phases.");
        running = meter.CreateUpDownCounter<long>("tuner.trials.running", "{trial}", "Trials that run on this node now.");
        sweeps = meter.CreateCounter<long>("tuner.sweeps", "{sweep}", "Changes of sweeps' states on this node, by the new state.");
    }

    public void TrialStarted() => running.Add(1);

    public void TrialEnded(Trial trial, TrialOutcome outcome)
    {
        running.Add(-1);
        var tags = new TagList { { "state", outcome.State.Name }, { "purpose", trial.Purpose.ToString() } };
        trials.Add(1, tags);
        deployed.Record(outcome.Deployed.TotalSeconds, tags);
        if (outcome.State is TrialState.Measured measured)
        {
            requests.Add(measured.Measurement.Phases.Sum(phase => phase.Scheduled), tags);
        }
    }

    public void SweepChanged(string state) => sweeps.Add(1, new TagList { { "state", state } });

    public void Dispose() => meter.Dispose();
}
