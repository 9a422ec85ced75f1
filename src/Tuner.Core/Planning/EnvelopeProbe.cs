using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Loads;
using Tuner.Core.Recommending;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>
/// The last trial of a sweep that asks for it: the winner alone, deployed once, at rates from half to twice the sweep's
/// peak, so that its operating envelope is measured. It comes after the answer and is no part of it.
/// </summary>
public static class EnvelopeProbe
{
    private const int Attempts = 2;
    private static readonly TimeSpan ShortestStage = TimeSpan.FromSeconds(5);
    private static readonly ImmutableArray<double> Stages = [0.5, 0.75, 1, 1.25, 1.5, 2];

    /// <summary>The trial, or null where none is wanted, possible or left to do.</summary>
    public static SweepStep? Next(SweepStanding standing, BudgetLedger ledger, StopReason stop)
    {
        var sweep = standing.Sweep;
        return sweep.Envelope && LoadOf(sweep) is not null
            && standing.Trials.Count(trial => trial.Purpose is TrialPurpose.Envelope) < Attempts
            && !standing.Trials.Any(trial => trial is { Purpose: TrialPurpose.Envelope, State: TrialState.Measured or TrialState.CandidateFailed })
            && Recommender.Recommend(sweep, standing.Trials, stop) is Recommendation.Use use
            && ledger.Refuses(use.Winner.Candidate, reserved: 0) is null
                ? new SweepStep.Start(use.Winner.Candidate, TrialPurpose.Envelope, "the winner at other rates: where its SLOs stop to hold")
                : null;
    }

    /// <summary>Why a sweep that has ended lacks the envelope that it asks for; null where it has one, or asks for none.</summary>
    /// <param name="running">How long the sweep was running.</param>
    /// <param name="answer">What it came to; null where it was stopped before.</param>
    public static string? WhyMissing(Sweep sweep, IReadOnlyList<Trial> trials, TimeSpan running, Recommendation? answer)
    {
        var attempts = trials.Where(trial => trial.Purpose is TrialPurpose.Envelope).ToList();
        return (sweep.Envelope, LoadOf(sweep), answer, attempts.LastOrDefault()) switch
        {
            (false, _, _, _) => null,
            (_, null, _, _) => "its load has users and no rate that could be raised",
            _ when attempts.Exists(trial => trial.State is TrialState.Measured or TrialState.Invalid { Measurement: not null }) => null,
            (_, _, not Recommendation.Use, _) => "no configuration is recommended",
            (_, _, Recommendation.Use use, null) => new BudgetLedger(sweep, trials, running).Refuses(use.Winner.Candidate, reserved: 0)?.Text ?? "the sweep ended before it",
            (_, _, _, { } last) => $"trial {last.Number}, which looked for it, {Ended(last.State)}",
        };
    }

    private static string Ended(TrialState state) => state switch
    {
        TrialState.Invalid invalid => $"was invalid: {invalid.Reason}",
        TrialState.CandidateFailed failed => $"failed: {failed.Reason}",
        TrialState.Interrupted interrupted => $"was interrupted: {interrupted.Cause}",
        TrialState.Cancelled cancelled => $"was cancelled: {cancelled.Reason}",
        _ => "has not ended",
    };

    /// <summary>The sweep as such a trial runs it: every stage to its end.</summary>
    /// <exception cref="InvalidOperationException">Its load has no rate.</exception>
    public static Sweep Of(Sweep sweep) => sweep with
    {
        Load = LoadOf(sweep) ?? throw new InvalidOperationException("A load without a rate has no envelope."),
        Measurement = sweep.Measurement with { EarlyAbort = false },
    };

    /// <summary>The load in stages of rising rate, each long enough for the sweep's percentiles; null in the closed model.</summary>
    public static LoadProfile? LoadOf(Sweep sweep)
    {
        var peak = sweep.Load.Phases.OfType<RatePhase>().Select(phase => phase.RatePerSecond).DefaultIfEmpty(0).Max();
        return !sweep.Load.IsOpenModel || peak <= 0
            ? null
            : sweep.Load with { Phases = [.. Stages.Select(stage => Stage(stage, peak * stage, sweep.Measurement.MinRequests))] };
    }

    private static RatePhase Stage(double stage, double rate, int minRequests)
    {
        // A tenth more than needed: arrivals by chance may be fewer than the rate says.
        var needed = TimeSpan.FromSeconds(Math.Ceiling(1.1 * minRequests / rate));
        return new RatePhase(string.Create(CultureInfo.InvariantCulture, $"x{stage:0.##}"), needed > ShortestStage ? needed : ShortestStage, rate);
    }
}
