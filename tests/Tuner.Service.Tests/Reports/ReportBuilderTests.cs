using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Tests.Reports;

public sealed class ReportBuilderTests
{
    private static readonly Report Report = ReportBuilder.Build(ReportFixture.Verified());

    private static CandidateRow Winner => Report.Find(Report.Verdict.Winner)!;

    [Fact]
    public void Plots_tables_and_saving_speak_of_the_cost_that_was_measured_and_minimized()
    {
        var report = ReportBuilder.Build(ReportFixture.WithMeasuredCost());
        var winner = report.Find(report.Verdict.Winner)!;
        var baseline = report.Find(report.Sweep.Baseline)!;

        Assert.Equal(new MinimizedRow("USD per million requests", "USD"), report.Sweep.Minimized);
        Assert.Equal(1 - (winner.Objective!.Value / baseline.Objective!.Value), report.Verdict.Saving!.ObjectiveShare!.Value, 9);
        Assert.All(report.Charts.CostLatency.Points.Where(point => point.Standing is Standing.Met), point => Assert.Equal(report.Find(point.Key)!.Objective, point.Objective));
        Assert.Equal(report.Candidates.Where(row => row.Standing is Standing.Met).Min(row => row.Objective), report.Charts.BestSoFar.Trials[^1].BestObjective);
        var markdown = ReportMarkdown.Write(report);
        Assert.Contains("| Candidate | Role | USD per million requests | p99 | Errors | Standing |", markdown, StringComparison.Ordinal);
        Assert.Matches("Saving: [0-9.]+ % less USD per million requests than the baseline, as measured", markdown);
        Assert.Contains("USD per million requests</text>", ReportHtml.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void History_trials_and_what_is_cheaper_go_by_the_cost_that_was_measured()
    {
        var input = ReportFixture.WithMeasuredCost();
        var before = ReportFixture.WithHistory().History;
        var report = ReportBuilder.Build(input with { History = before });
        var winner = report.Find(report.Verdict.Winner)!;
        var html = ReportHtml.Write(report);

        Assert.Equal((winner.Objective, report.Sweep.Minimized), (report.Charts.History!.Sweeps[^1].Objective, report.Charts.History.Sweeps[^1].Minimized));
        Assert.All(report.Choice.Rejected, row => Assert.True(row.Objective < winner.Objective));
        Assert.All(report.Trials.Where(trial => trial.State == nameof(TrialState.Measured)), trial => Assert.NotNull(trial.Objective));
        Assert.Contains("candidate stands</th><th scope=\"col\" class=\"num\">USD per million requests</th>", html, StringComparison.Ordinal);
        Assert.DoesNotContain(">per hour</th><th scope=\"col\">standing", html, StringComparison.Ordinal);
        Assert.Equal(report.Trials[0].Objective, ReportJson.Read(ReportJson.Write(report)).Trials[0].Objective);
    }

    [Fact]
    public void A_number_that_the_target_reports_is_told_where_costs_are()
    {
        var report = ReportBuilder.Build(ReportFixture.WithReportedObjective());

        Assert.Equal(6, report.Find(report.Verdict.Winner)!.Objective);
        Assert.Contains("| Candidate | Role | joules | p99 | Errors | Standing |", ReportMarkdown.Write(report), StringComparison.Ordinal);
        Assert.Contains("joules of 6", ReportMarkdown.Write(report), StringComparison.Ordinal);
        Assert.Contains("joules (minimized)", ReportHtml.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_the_envelope_was_asked_for_and_why_it_is_not_there()
    {
        var input = ReportFixture.Verified();
        var asked = input with { Sweep = input.Sweep with { Envelope = true, Budget = new SweepBudget { Trials = input.Trials.Length - 1 } } };

        Assert.Contains(ReportBuilder.Build(asked).Verdict.Caveats, caveat => caveat.StartsWith("The operating envelope that verification.envelope asks for was not measured: The budget of ", StringComparison.Ordinal));
        Assert.DoesNotContain(ReportBuilder.Build(input).Verdict.Caveats, caveat => caveat.Contains("envelope", StringComparison.Ordinal));
        Assert.DoesNotContain(ReportBuilder.Build(ReportFixture.WithEnvelope() with { Sweep = asked.Sweep }).Verdict.Caveats, caveat => caveat.Contains("envelope", StringComparison.Ordinal));
    }

    [Fact]
    public void A_candidates_numbers_are_of_the_measurements_that_its_verdict_rests_on()
    {
        var input = ReportFixture.Verified();
        var use = (Recommendation.Use)input.Recommendation!;
        var fresh = input.Trials.Where(trial => trial.Candidate.Equals(use.Winner.Candidate) && trial.Purpose is TrialPurpose.Verification)
            .Select(trial => ((TrialState.Measured)trial.State).Measurement).ToList();

        var report = ReportBuilder.Build(input with { Recommendation = use with { Winner = use.Winner with { Fresh = true } } });

        var row = report.Find(report.Verdict.Winner)!;
        Assert.Equal(fresh.Count, row.Measurements);
        Assert.Equal(fresh.Sum(measurement => measurement.Phases.Sum(phase => phase.Scheduled)), row.Requests);
        Assert.True(row.Trials.Length > fresh.Count);
    }

    [Fact]
    public void Costs_follow_from_prices_and_the_offered_rate_alone()
    {
        Assert.Equal(0.0425m, Winner.CostPerHour);
        Assert.Equal(0.0425m * 730, Winner.CostPerMonth);
        Assert.Equal(Math.Round(0.0425m / 3600 / 200 * 1_000_000, 9), Winner.CostPerMillionRequests);
        Assert.True(Winner.CostPerMillionExact);
    }

    [Fact]
    public void Saving_is_exact_and_counted_against_the_baseline()
    {
        Assert.Equal(new SavingRow(ReportFixture.Sweep.Baseline!.Key, 0.0425m, 31.025m, 0.5, Exact: true), Report.Verdict.Saving);
    }

    [Fact]
    public void Margin_is_the_room_between_the_bound_on_the_bad_side_and_the_limit()
    {
        var latency = Winner.Slos[0];
        var throughput = Winner.Slos[2];

        Assert.Equal(1 - (latency.Upper!.Value / 0.1), latency.Margin!.Value, 12);
        Assert.Equal((throughput.Lower!.Value / 190) - 1, throughput.Margin!.Value, 12);
        Assert.Equal([true, false, false], Winner.Slos.Select(slo => slo.Binding));
    }

    [Fact]
    public void Prints_no_percentile_from_too_few_requests()
    {
        var input = ReportFixture.Verified();
        var report = ReportBuilder.Build(input with { Sweep = input.Sweep with { Measurement = input.Sweep.Measurement with { MinRequests = 1_000_000 } } });

        Assert.All(report.Trials, trial => Assert.True(trial.Latency is null or { P50: null, P99: null, P999: null }));
        Assert.All(report.Candidates.SelectMany(row => row.Slos).Where(slo => slo.Unit == "s"), slo => Assert.Null(slo.Estimate ?? slo.Upper ?? slo.Lower));
        Assert.Empty(report.Charts.Percentiles.Series);
        Assert.All(report.Charts.CostLatency.Points, point => Assert.Null(point.LatencySeconds));
        Assert.Contains("1000000 are needed", report.Verdict.Slos[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_percentile_beyond_p99_needs_as_many_requests_in_its_tail()
    {
        var baseline = Report.Find(ReportFixture.Sweep.Baseline!.Key)!;
        var fastest = Report.Candidates.Single(row => row.Requests == 4000 && row.CostPerHour == 0.1275m);

        Assert.True(baseline.Requests >= 10_000);
        Assert.NotNull(baseline.Latency!.P999);
        Assert.NotNull(fastest.Latency!.P99);
        Assert.Null(fastest.Latency.P999);
    }

    [Fact]
    public void Tells_every_kind_of_lost_trial_and_its_reason()
    {
        Assert.Equal([(7, "Invalid"), (10, "Interrupted")], Report.Evidence.Lost.Select(row => (row.Number, row.State)));
        Assert.Contains("lagged", Report.Evidence.Lost[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_what_became_of_cheaper_candidates()
    {
        Assert.Equal((4, 2, 2, 0), (Report.Choice.CheaperTried, Report.Choice.CheaperMissed, Report.Choice.CheaperFailed, Report.Choice.CheaperUndecided));
        Assert.Equal(Standing.Failed, Report.Choice.Rejected[^1].Standing);
        Assert.Contains("out of memory", Report.Choice.Rejected[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Money_is_the_price_times_the_time_deployed_and_notional_for_local_processes()
    {
        var expected = Report.Trials.Sum(trial => trial.CostPerHour * (decimal)trial.DeployedSeconds / 3600);

        Assert.Equal(expected, Report.Spend.Money, 8);
        Assert.True(Report.Spend.Notional);
        Assert.Null(Report.Spend.PaysBackHours);
        Assert.Equal((1, 14.0), (Report.Spend.EndedEarly, Report.Spend.EarlySavedSeconds));
    }

    [Fact]
    public void Best_so_far_never_rises_and_ends_at_the_cheapest_feasible_candidate()
    {
        var best = Report.Charts.BestSoFar.Trials.Select(point => point.BestCostPerHour).OfType<decimal>().ToList();

        Assert.Equal(best.OrderDescending(), best);
        Assert.Equal(Report.Candidates.Where(row => row.Standing is Standing.Met).Min(row => row.CostPerHour), best[^1]);
    }

    [Fact]
    public void Front_holds_only_what_no_other_candidate_beats_in_both()
    {
        var points = Report.Charts.CostLatency.Points.Where(point => point.LatencySeconds is not null).ToList();
        var front = Report.Charts.CostLatency.Front;

        Assert.All(points, point => Assert.Equal(
            front.Contains(point.Key),
            !points.Exists(other => (other.CostPerHour <= point.CostPerHour && other.LatencySeconds < point.LatencySeconds)
                || (other.CostPerHour < point.CostPerHour && other.LatencySeconds == point.LatencySeconds))));
    }

    [Fact]
    public void Is_not_verified_with_the_reason_as_a_sentence()
    {
        var input = ReportFixture.Verified();
        var use = (Recommendation.Use)input.Recommendation!;
        var report = ReportBuilder.Build(input with { Recommendation = use with { Verified = false, NotVerifiedBecause = "the fresh measurements could not be taken" } });

        Assert.Equal((VerdictStatus.NotVerified, "The fresh measurements could not be taken."), (report.Verdict.Status, report.Verdict.Because));
        Assert.EndsWith("Verify it before you rely on it.", report.Verdict.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_so_when_the_baseline_was_never_measured()
    {
        var input = ReportFixture.Verified();
        var baseline = input.Sweep.Baseline!;
        var report = ReportBuilder.Build(input with
        {
            Evidence = [.. input.Evidence.Where(item => !item.Candidate.Equals(baseline))],
            Trials = [.. input.Trials.Select(trial => trial.Candidate.Equals(baseline) ? trial with { State = new TrialState.Invalid("late", null) } : trial)],
        });

        Assert.Contains(report.Verdict.Caveats, caveat => caveat.StartsWith("The baseline has no valid measurement", StringComparison.Ordinal));
    }

    [Fact]
    public void Has_no_answer_yet_while_it_runs()
    {
        var report = ReportBuilder.Build(ReportFixture.Verified() with { Recommendation = null, Stop = null });

        Assert.Equal(VerdictStatus.Unfinished, report.Verdict.Status);
        Assert.Null(report.Deploy);
        Assert.Equal("tuner run sweeps/digits.yaml --resume digits-7k2m", Words.Command(report));
    }

    [Fact]
    public void Says_at_which_limit_a_cheaper_candidate_would_do()
    {
        var input = ReportFixture.Verified();
        var evidence = input.Evidence.Select(item => item.CostPerHour < 0.04m ? item with { Slos = [item.Slos[0], .. item.Slos[1..].Select(slo => slo with { Verdict = SloVerdict.Met })] } : item).ToImmutableArray();
        var report = ReportBuilder.Build(input with { Evidence = evidence });

        var cheaper = evidence.Where(item => item.CostPerHour < 0.04m).MinBy(item => item.Slos[0].Upper)!;
        Assert.Contains(report.Choice.WouldChange, sentence =>
            sentence.StartsWith($"With {Figures.Latency(cheaper.Slos[0].Upper)} allowed for 'p99 latency <= 100ms', {cheaper.Candidate}", StringComparison.Ordinal));
    }

    [Fact]
    public void Builds_from_no_trial_at_all()
    {
        var report = ReportBuilder.Build(ReportFixture.Verified() with { Trials = [], Evidence = [], Recommendation = null });

        Assert.Empty(report.Candidates);
        Assert.Contains("No candidate was measured", ReportHtml.Write(report), StringComparison.Ordinal);
        Assert.Contains("Unfinished", ReportMarkdown.Write(report), StringComparison.Ordinal);
    }
}
