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
/// Decides the next step of a sweep from nothing but its trials, so that a restart goes on where the last one stopped:
/// baseline, search, repeats where one could change the answer, verification of the finalists, end.
/// </summary>
public static class SweepPlanner
{
    /// <summary>So many trials without a single success end a sweep.</summary>
    private const int TrialsWithoutAnAnswer = 3;

    /// <summary>A candidate that is less likely to meet its SLOs than this is not measured again while searching.</summary>
    private const double LeastLikelihood = 0.1;

    /// <param name="running">How long the sweep has been running, without the time in which Tuner was stopped.</param>
    /// <param name="history">What earlier sweeps of the workload observed, one list a sweep; none for a cold start.</param>
    public static SweepStep Next(
        Sweep sweep, IReadOnlyList<Trial> trials, ISearchStrategy strategy, TimeSpan running, ImmutableArray<ImmutableArray<Observation>> history = default)
    {
        var standing = new SweepStanding(sweep, trials);
        var ledger = new BudgetLedger(sweep, trials, running);
        if (trials.Count(trial => !trial.HasEnded) >= sweep.Budget.Parallel)
        {
            return new SweepStep.Wait();
        }

        return NothingAnswers(standing)
            ?? Again(standing, ledger)
            ?? Baseline(standing, ledger)
            ?? Decide(standing, ledger, strategy, history.IsDefault ? [] : history);
    }

    /// <summary>Whether an undecided candidate may be measured again while searching, by its own measurements.</summary>
    internal static bool MayRepeat(Sweep sweep, CandidateEvidence searched) =>
        searched.Measurements < sweep.Measurement.MaxRepeats
        && (sweep.Verification.Repeats == 0 || Likelihood.Feasible(searched) >= LeastLikelihood);

    /// <summary>The sweep as a strategy sees it.</summary>
    public static SearchProblem ProblemOf(Sweep sweep) => new()
    {
        Space = sweep.Space,
        CostPerHour = candidate => (double)sweep.PerHour(candidate),
        Objective = sweep.ObjectiveBasis(),
        Slos = sweep.Slos,
        Seed = sweep.Search.Seed,
    };

    /// <summary>Trials that only ever saw errors teach nothing about the candidates; going on would cost the whole budget.</summary>
    private static SweepStep.Finish? NothingAnswers(SweepStanding standing)
    {
        var measured = standing.Trials.Select(trial => (trial.State as TrialState.Measured)?.Measurement).OfType<Measurement>().ToList();
        if (measured.Count < TrialsWithoutAnAnswer || measured.Exists(measurement => measurement.Phases.Any(phase => phase.Succeeded > 0)))
        {
            return null;
        }

        var kind = measured[0].MostFrequentError() is { } error ? $": '{error}'" : "";
        return new SweepStep.Finish(new StopReason(
            StopKind.NothingAnswers,
            $"Every request of the first {measured.Count} trials failed{kind}. Correct load.request (method, path, bodies, expectedStatus) or the target, and run again."));
    }

    private static SweepStep? Again(SweepStanding standing, BudgetLedger ledger) =>
        standing.ToRunAgain() is { } last
            ? StartOrStop(ledger, last.Candidate, last.Purpose, $"trial {last.Number} taught nothing, so it is run again")
            : null;

    private static SweepStep? Baseline(SweepStanding standing, BudgetLedger ledger) =>
        standing.Sweep.Baseline is { } baseline && !standing.TrialsOf(baseline).Any()
            ? StartOrStop(ledger, baseline, TrialPurpose.Baseline, "today's configuration, measured first")
            : null;

    /// <summary>
    /// A verification that has begun is finished first; then the search goes on until it sees nothing cheaper than what is
    /// confirmed or nominated; then the next finalist. What fresh trials did not confirm sends the search on.
    /// </summary>
    private static SweepStep Decide(SweepStanding standing, BudgetLedger ledger, ISearchStrategy strategy, ImmutableArray<ImmutableArray<Observation>> history)
    {
        // Whatever starts next must see how the verification trials before it ended: they are compared, interleaved.
        var verifying = standing.Trials.Any(trial => !trial.HasEnded && trial.Purpose is TrialPurpose.Verification);
        if (verifying)
        {
            return new SweepStep.Wait();
        }

        var begun = FinalistVerification.Continue(standing, ledger);
        var search = begun is null ? Search(standing, ledger, strategy, history) : null;
        if (search is SweepStep.Start)
        {
            return search;
        }

        if (standing.Trials.Any(trial => !trial.HasEnded))
        {
            return new SweepStep.Wait();
        }

        if ((begun ?? Repeat(standing, ledger) ?? FinalistVerification.Next(standing, ledger) ?? RuleOut(standing, ledger)) is { } step)
        {
            return step;
        }

        var end = End(standing, ((SweepStep.Finish)search!).Reason);
        return EnvelopeProbe.Next(standing, ledger, end.Reason) ?? (SweepStep)end;
    }

    private static SweepStep.Finish End(SweepStanding standing, StopReason search) =>
        standing.Verified.Any(evidence => FinalistVerification.IsConfirmed(standing, evidence.Candidate))
            ? new SweepStep.Finish(new StopReason(StopKind.Decided, $"The finalists were verified. The search had ended: {search.Text}"))
            : new SweepStep.Finish(search);

    private static SweepStep Search(SweepStanding standing, BudgetLedger ledger, ISearchStrategy strategy, ImmutableArray<ImmutableArray<Observation>> history)
    {
        var sweep = standing.Sweep;
        if (SearchEnd.Of(standing) is { } wanted)
        {
            return new SweepStep.Finish(wanted);
        }

        var suggestion = strategy.Suggest(ProblemOf(sweep) with { History = history }, standing.Observations(), 1);
        if (suggestion.Next.IsDefaultOrEmpty)
        {
            return new SweepStep.Finish(new StopReason(StopKind.SpaceExhausted, suggestion.Stop ?? "Every candidate was tried."));
        }

        if (suggestion.Stop is { } stop)
        {
            return new SweepStep.Finish(new StopReason(StopKind.NothingPromising, stop));
        }

        var proposed = suggestion.Next[0];
        return ledger.Refuses(proposed.Candidate, FinalistVerification.Reserve(sweep)) is { } refusal
            ? new SweepStep.Finish(refusal)
            : new SweepStep.Start(proposed.Candidate, TrialPurpose.Search, proposed.Why);
    }

    /// <summary>
    /// Another measurement of a candidate that is neither met nor missed, where that could change the answer. One that is
    /// worth verifying is measured afresh instead.
    /// </summary>
    private static SweepStep? Repeat(SweepStanding standing, BudgetLedger ledger)
    {
        var sweep = standing.Sweep;
        var verifies = sweep.Verification.Repeats > 0;
        var best = standing.Searched.FirstOrDefault(evidence => verifies
            ? FinalistVerification.IsWorthVerifying(standing, evidence) && !FinalistVerification.IsDropped(standing, evidence.Candidate)
            : evidence.Verdict is SloVerdict.Met);
        var undecided = standing.Searched.FirstOrDefault(evidence =>
            evidence.Verdict is SloVerdict.Unknown
            && (best is null || evidence.Score < best.Score)
            && MayRepeat(sweep, evidence)
            && !(verifies && FinalistVerification.IsWorthVerifying(standing, evidence))
            && !standing.IsGivenUp(evidence.Candidate));
        return undecided is null ? null : RepeatOf(undecided, sweep, ledger);
    }

    /// <summary>
    /// Where nothing meets its SLOs, another measurement of what was too unlikely to be measured again so far: that nothing is
    /// feasible is only said when everything measured was shown to miss. The likeliest comes first, since it may be an answer
    /// after all. Where one stays open whatever is measured, so does the question, and the others are left.
    /// </summary>
    private static SweepStep? RuleOut(SweepStanding standing, BudgetLedger ledger)
    {
        if (standing.Searched.Any(standing.IsAnswer))
        {
            return null;
        }

        var sweep = standing.Sweep;
        var open = standing.Searched.Where(standing.IsUndecided).ToList();
        var mayClose = open.TrueForAll(evidence =>
            evidence.Verdict is SloVerdict.Unknown
            && evidence.Measurements < sweep.Measurement.MaxRepeats
            && !standing.IsGivenUp(evidence.Candidate)
            && (standing.VerificationsOf(evidence.Candidate) == 0 || evidence.Candidate.Equals(sweep.Baseline)));
        return mayClose && open.MaxBy(Likelihood.Feasible) is { } likeliest ? RepeatOf(likeliest, sweep, ledger) : null;
    }

    private static SweepStep.Start? RepeatOf(CandidateEvidence undecided, Sweep sweep, BudgetLedger ledger)
    {
        if (ledger.Refuses(undecided.Candidate, FinalistVerification.Reserve(sweep)) is not null)
        {
            return null;
        }

        var slo = undecided.Slos.First(assessment => assessment.Verdict is SloVerdict.Unknown);
        return new SweepStep.Start(undecided.Candidate, TrialPurpose.Repeat, $"'{slo.Slo.Text}' is not decided after {undecided.Measurements} measurement(s)");
    }

    private static SweepStep StartOrStop(BudgetLedger ledger, Candidate candidate, TrialPurpose purpose, string why) =>
        ledger.Refuses(candidate, reserved: 0) is { } refusal
            ? new SweepStep.Finish(refusal)
            : new SweepStep.Start(candidate, purpose, why);
}
