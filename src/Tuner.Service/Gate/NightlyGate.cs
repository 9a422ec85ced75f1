using System.Collections.Immutable;
using Tuner.Core.Gate;
using Tuner.Core.Measurements;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;

namespace Tuner.Service.Gate;

/// <summary>What follows the end of a sweep: the first verified answer is accepted, and a gate's night is judged and kept.</summary>
public sealed class NightlyGate(ISweepStore sweeps, GateStore store, GatePlan plan)
{
    /// <summary>Judges a finished sweep that ran as a gate; null where it did not, or has not finished.</summary>
    public async Task<GateRun?> JudgeAsync(StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        if (stored is not { Gate: { } accepted, State: SweepState.Finished })
        {
            return null;
        }

        var candidate = CandidateText.Read(accepted);
        var trials = await sweeps.TrialsAsync(stored.Id, cancellationToken);
        var pairs = Pairs(trials, candidate, sweep.Baseline);
        var nights = Nights(sweep, stored.ChangedAt, pairs);
        var changed = await ChangedAsync(stored, sweep, cancellationToken);
        var first = await FirstNightAsync(stored, candidate, sweep, cancellationToken);
        var before = (await store.RunsAsync(stored.Project, stored.Name, plan.Nights, cancellationToken))
            .Where(run => run.Candidate.Equals(candidate) && run.Sweep != stored.Id)
            .ToList();
        var evidence = new SweepStanding(sweep, trials);
        var metrics = nights.Select(night =>
        {
            var slo = sweep.Slos.First(each => each.Text == night.Key);
            return new MetricHistory(slo, night.Value, !changed.IsEmpty ? [] : [.. before.Select(run => run.Nights).Prepend(first).Select(each => each.GetValueOrDefault(night.Key)).OfType<GateNight>()])
            {
                Tonights = VerdictOf(evidence, candidate, slo),
            };
        }).ToList();
        var run = new GateRun
        {
            Sweep = stored.Id,
            Project = stored.Project,
            Name = stored.Name,
            Candidate = candidate,
            At = stored.ChangedAt,
            Report = Told(RegressionGate.Judge(metrics, plan), changed),
            Nights = nights,
        };
        await store.AddAsync(run, cancellationToken);
        return run;
    }

    /// <summary>
    /// What measures in another way since the acceptance. Earlier nights say nothing then: what is slower under another load
    /// is no regression, and what is as fast may be one.
    /// </summary>
    private async Task<ImmutableArray<string>> ChangedAsync(StoredSweep night, Sweep sweep, CancellationToken cancellationToken) =>
        await store.AcceptedAsync(night.Project, night.Name, cancellationToken) is { } accepted
        && await sweeps.SubmissionAsync(accepted.Sweep, cancellationToken) is { Length: > 0 } submission
        && SweepFile.Rebuild(SweepSubmission.FromJson(submission)).Sweep is { } then
            ? SweepParts.Differences(then, sweep)
            : [];

    private static GateReport Told(GateReport report, ImmutableArray<string> changed) => changed.IsEmpty || report.Verdict is GateVerdict.Fail ? report : new GateReport(
        GateVerdict.Warning,
        $"The definition has changed since its answer was accepted ({string.Join(", ", changed)}): earlier nights are no measure for it. Search with the new definition and accept its answer: tuner gate accept SWEEP.",
        []);

    /// <summary>Accepts a verified answer where none was accepted before; later ones are for a person to accept.</summary>
    public async Task<bool> AcceptFirstAsync(StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        if (stored is not { State: SweepState.Finished, Stop: { } stop, Gate: null }
            || await store.AcceptedAsync(stored.Project, stored.Name, cancellationToken) is not null
            || Recommender.Recommend(sweep, await sweeps.TrialsAsync(stored.Id, cancellationToken), stop) is not Recommendation.Use { Verified: true } use)
        {
            return false;
        }

        await store.AcceptAsync(stored.Project, stored.Name, use.Winner.Candidate, stored.Id, cancellationToken);
        return true;
    }

    /// <summary>Accepts a sweep's verified answer as the one that later nights are compared with.</summary>
    /// <returns>Why it cannot be; null where it was.</returns>
    public async Task<string?> AcceptAsync(StoredSweep stored, Sweep sweep, CancellationToken cancellationToken)
    {
        if (stored.Gate is not null)
        {
            return $"Sweep {stored.Id} measured what is accepted already, and recommends nothing. Accept a sweep that searched.";
        }

        if (stored is not { State: SweepState.Finished, Stop: { } stop })
        {
            return $"Sweep {stored.Id} is {stored.State.ToString().ToLowerInvariant()}: only one that has finished has an answer.";
        }

        if (Recommender.Recommend(sweep, await sweeps.TrialsAsync(stored.Id, cancellationToken), stop) is not Recommendation.Use { Verified: true } use)
        {
            return $"Sweep {stored.Id} has no verified recommendation, and another one cannot be held against later nights. Run it again.";
        }

        await store.AcceptAsync(stored.Project, stored.Name, use.Winner.Candidate, stored.Id, cancellationToken);
        return null;
    }

    /// <summary>The fresh measurements of the sweep that was accepted: the first night that later ones are compared with.</summary>
    private async Task<ImmutableSortedDictionary<string, GateNight>> FirstNightAsync(StoredSweep night, Candidate candidate, Sweep sweep, CancellationToken cancellationToken)
    {
        if (await store.AcceptedAsync(night.Project, night.Name, cancellationToken) is not { } accepted || !accepted.Candidate.Equals(candidate))
        {
            return ImmutableSortedDictionary<string, GateNight>.Empty;
        }

        var pairs = Pairs(await sweeps.TrialsAsync(accepted.Sweep, cancellationToken), candidate, sweep.Baseline);
        return Nights(sweep, accepted.At, pairs);
    }

    private static ImmutableSortedDictionary<string, GateNight> Nights(Sweep sweep, DateTimeOffset at, List<(Measurement Subject, Measurement? Control)> pairs) =>
        sweep.Slos.Where(slo => slo.Metric is not (ErrorRateMetric or RelativeMetric)).ToImmutableSortedDictionary(slo => slo.Text, slo => GateNight.Of(slo, at, pairs), StringComparer.Ordinal);

    private static SloVerdict VerdictOf(SweepStanding standing, Candidate candidate, Slo slo)
    {
        var evidence = standing.VerifiedEvidence(candidate) ?? standing.SearchedEvidence(candidate);
        return evidence?.Slos.FirstOrDefault(assessment => assessment.Slo.Text == slo.Text)?.Verdict ?? SloVerdict.Unknown;
    }

    /// <summary>The fresh measurements of the candidate, each with that of the baseline of the same turn.</summary>
    private static List<(Measurement Subject, Measurement? Control)> Pairs(IReadOnlyList<Trial> trials, Candidate candidate, Candidate? baseline)
    {
        List<Measurement> Fresh(Candidate of) =>
        [
            .. trials.Where(trial => trial.Purpose is TrialPurpose.Verification && trial.Candidate.Equals(of))
                .OrderBy(trial => trial.Number)
                .Select(trial => (trial.State as TrialState.Measured)?.Measurement)
                .OfType<Measurement>(),
        ];
        var subjects = Fresh(candidate);
        return baseline is null || baseline.Equals(candidate)
            ? subjects.ConvertAll(subject => (subject, (Measurement?)null))
            : [.. subjects.Zip(Fresh(baseline), (subject, control) => (subject, (Measurement?)control))];
    }
}
