using System.Collections.Immutable;
using Tuner.Core.Measurements;
using Tuner.Core.Pricing;
using Tuner.Core.Recommending;
using Tuner.Core.Search;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Core.Planning;

/// <summary>
/// What the trials of a sweep say so far: the evidence for each candidate, from the trials that searched and, apart from
/// them, from the fresh ones that verify. A verdict on fresh trials never uses those that selected the candidate.
/// </summary>
public sealed class SweepStanding
{
    /// <summary>How often a candidate is run again after trials that taught nothing.</summary>
    private const int MaxReruns = 2;

    /// <summary>A tenth over the limit: beyond what a strategy takes for noise.</summary>
    private const double LeastViolation = 0.1;

    private readonly ILookup<Candidate, Trial> byCandidate;

    public SweepStanding(Sweep sweep, IReadOnlyList<Trial> trials)
    {
        Sweep = sweep;
        Trials = trials;

        // What a candidate does at rates that nobody asked for says nothing of it at those that were.
        byCandidate = trials.Where(trial => trial.Purpose is not TrialPurpose.Envelope).OrderBy(trial => trial.Number).ToLookup(trial => trial.Candidate);
        Searched = Evidence(trial => trial.Purpose is not TrialPurpose.Verification, verifying: false);
        Verified = [.. Evidence(IsFresh, verifying: true, seen: measurements => VerificationLooks.SeenOf(sweep, measurements)).Select(evidence => evidence with { Fresh = true })];
        All = Verified.IsEmpty ? Searched : Evidence(_ => true, verifying: true);
    }

    public Sweep Sweep { get; }

    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>Measured candidates by what the search trials (baseline and repeats included) say, cheapest first.</summary>
    public ImmutableArray<CandidateEvidence> Searched { get; }

    /// <summary>Candidates by what their verification trials alone say, cheapest first.</summary>
    public ImmutableArray<CandidateEvidence> Verified { get; }

    /// <summary>Candidates by all of their trials together: what a strategy learns from, and no verdict rests on.</summary>
    private ImmutableArray<CandidateEvidence> All { get; }

    public IEnumerable<Candidate> Candidates => byCandidate.Select(group => group.Key);

    public IEnumerable<Trial> TrialsOf(Candidate candidate) => byCandidate[candidate];

    public bool HasFailed(Candidate candidate) => byCandidate[candidate].Any(trial => trial.State is TrialState.CandidateFailed);

    /// <summary>Fresh measurements of the candidate that can be judged.</summary>
    public int VerificationsOf(Candidate candidate) =>
        byCandidate[candidate].Count(trial => trial is { Purpose: TrialPurpose.Verification, State: TrialState.Measured });

    public CandidateEvidence? SearchedEvidence(Candidate candidate) => Searched.FirstOrDefault(evidence => evidence.Candidate.Equals(candidate));

    /// <summary>What all fresh trials of the candidate say, looked at by plan or not: enough to give it up, not to judge it.</summary>
    internal CandidateEvidence? FreshSoFar(Candidate candidate) =>
        Verified.FirstOrDefault(evidence => evidence.Candidate.Equals(candidate)) is { } seen && seen.Measurements < VerificationsOf(candidate)
            ? Evidence(trial => IsFresh(trial) && trial.Candidate.Equals(candidate), verifying: true).FirstOrDefault()
            : VerifiedEvidence(candidate);

    public CandidateEvidence? VerifiedEvidence(Candidate candidate) => Verified.FirstOrDefault(evidence => evidence.Candidate.Equals(candidate));

    /// <summary>Whether the search found the candidate to meet every SLO, and no fresh trial speaks against it.</summary>
    public bool IsAnswer(CandidateEvidence searched) =>
        searched.Verdict is SloVerdict.Met && VerifiedEvidence(searched.Candidate)?.Verdict is not SloVerdict.Missed;

    /// <summary>Whether it is open if the candidate meets its SLOs: to the search, or to the fresh trials of what the search found to.</summary>
    public bool IsUndecided(CandidateEvidence searched) =>
        VerifiedEvidence(searched.Candidate)?.Verdict is var fresh and not SloVerdict.Missed
        && (searched.Verdict is SloVerdict.Unknown || (searched.Verdict is SloVerdict.Met && fresh is SloVerdict.Unknown));

    /// <summary>The earliest candidate whose last trial taught nothing and that may be run again.</summary>
    public Trial? ToRunAgain() =>
        Candidates.Where(candidate => Fruitless(candidate).Any() && !IsGivenUp(candidate)).Select(candidate => byCandidate[candidate].Last()).FirstOrDefault();

    /// <summary>True when the last trials of the candidate taught nothing, as often as is tried.</summary>
    public bool IsGivenUp(Candidate candidate) => Fruitless(candidate).Count(CountsAsRerun) > MaxReruns;

    /// <summary>The history in the words of a search strategy.</summary>
    public ImmutableArray<Observation> Observations() => [.. Candidates.SelectMany(Observe)];

    private static bool IsFresh(Trial trial) => trial.Purpose is TrialPurpose.Verification;

    private IEnumerable<Trial> Fruitless(Candidate candidate) =>
        byCandidate[candidate].Reverse().TakeWhile(trial => trial.State is TrialState.Invalid or TrialState.Interrupted);

    /// <summary>A restart of Tuner says nothing about the candidate: such a trial is always repeated.</summary>
    private static bool CountsAsRerun(Trial trial) => trial.State is not TrialState.Interrupted { ByRestart: true };

    private IEnumerable<Observation> Observe(Candidate candidate)
    {
        if (HasFailed(candidate))
        {
            return [new Observation.Failed(candidate)];
        }

        if ((All.FirstOrDefault(each => each.Candidate.Equals(candidate))) is { } evidence)
        {
            return [new Observation.Measured(candidate, [.. evidence.Slos.Select(slo => Violation(evidence, slo))]) { Objective = evidence.MeasuredObjective, IsNoAnswer = IsNoAnswer(evidence) }];
        }

        // Running, or given up after too many trials that taught nothing: either way it is not to be proposed again.
        return [new Observation.Pending(candidate)];
    }

    /// <summary>What fresh trials confirmed is an answer, however close to the limit its estimate is.</summary>
    private double Violation(CandidateEvidence evidence, SloAssessment slo)
    {
        var z = slo.LogViolation ?? double.NaN;
        return FinalistVerification.IsConfirmed(this, evidence.Candidate) ? Math.Min(z, -LeastViolation) : z;
    }

    /// <summary>A candidate that was missed, or stays undecided after all its measurements: a strategy learns what it measured, and looks for another.</summary>
    private bool IsNoAnswer(CandidateEvidence evidence) =>
        !FinalistVerification.IsConfirmed(this, evidence.Candidate)
        && (evidence.Verdict is SloVerdict.Missed
            || (Sweep.Verification.Repeats == 0
                ? evidence.Verdict is SloVerdict.Unknown && evidence.Measurements >= Sweep.Measurement.MaxRepeats
                : FinalistVerification.IsDropped(this, evidence.Candidate) || (SearchedEvidence(evidence.Candidate) is { } searched && IsLeftOpen(searched))));

    /// <summary>True where the search measures the candidate no more, and its trials do not speak for fresh ones either.</summary>
    private bool IsLeftOpen(CandidateEvidence searched) =>
        searched.Verdict is SloVerdict.Unknown
        && !SweepPlanner.MayRepeat(Sweep, searched)
        && !FinalistVerification.IsWorthVerifying(this, searched);

    private ImmutableArray<CandidateEvidence> Evidence(Func<Trial, bool> counts, bool verifying, Func<int, int>? seen = null) =>
    [
        .. from candidate in Candidates
           where !HasFailed(candidate)
           let measured = Measurements(candidate, counts)
           where measured.Count > 0
           let measurements = seen is null ? measured : measured[..seen(measured.Count)]
           let cost = Sweep.PerHour(candidate)
           let objective = MeasuredObjective.Of(Sweep, candidate, measurements)
           let score = Score(cost, objective)
           orderby score, candidate.Key
           select new CandidateEvidence
           {
               Candidate = candidate,
               CostPerHour = cost,
               MeasuredObjective = objective,
               Score = score,
               Measurements = measurements.Count,
               Slos = [.. Sweep.Slos.Select(slo => KnownAssessments.Of(slo, measurements, Sweep.Judging(verifying), BesideOf(slo, candidate, measurements, counts)))],
           },
    ];

    private decimal Score(decimal cost, double? objective) => Sweep.ObjectiveBasis() is ObjectiveBasis.Known
        ? cost
        : objective is { } value && Math.Abs(value) < (double)CandidateEvidence.Unmeasured ? (decimal)value : CandidateEvidence.Unmeasured;

    /// <summary>What the baseline did in trials of the same kind, for an SLO that is relative to it.</summary>
    private List<Measurement>? BesideOf(Slo slo, Candidate candidate, List<Measurement> own, Func<Trial, bool> counts) =>
        slo.Metric is not RelativeMetric || Sweep.Baseline is not { } baseline ? null
        : candidate.Equals(baseline) ? own
        : Measurements(baseline, counts);

    private List<Measurement> Measurements(Candidate candidate, Func<Trial, bool> counts) =>
    [
        .. from trial in byCandidate[candidate]
           where counts(trial)
           select (trial.State as TrialState.Measured)?.Measurement into measurement
           where measurement is not null
           select measurement,
    ];
}
