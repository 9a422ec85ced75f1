using System.Collections.Immutable;
using Tuner.Core.Gate;
using Tuner.Core.Measurements;
using Tuner.Core.Recommending;
using Tuner.Core.Slos;
using Tuner.Core.Trials;
using Tuner.Service.Reports.Charts;
using Tuner.Service.Reports.Sections;
using Tuner.Service.Reports;

namespace Tuner.Service.Tests.Reports;

public sealed class ReportChoiceTests
{
    private static readonly Report Verified = ReportBuilder.Build(ReportFixture.Verified());
    private static readonly Report Nothing = ReportBuilder.Build(ReportFixture.NothingFeasible());

    [Fact]
    public void Neighbours_differ_from_the_winner_in_the_one_parameter_they_name()
    {
        var winner = Verified.Find(Verified.Verdict.Winner)!;

        Assert.NotEmpty(Verified.Choice.Neighbours);
        Assert.All(Verified.Choice.Neighbours, row =>
        {
            var differing = Verified.Find(row.Key)!.Parameters.Zip(winner.Parameters).Where(pair => pair.First.Value != pair.Second.Value).ToList();
            Assert.Equal((row.Parameter, row.To, row.From), (Assert.Single(differing).First.Name, differing[0].First.Value, differing[0].Second.Value));
        });
    }

    [Fact]
    public void One_step_means_that_no_value_lies_between()
    {
        var steps = Verified.Choice.Neighbours.Where(row => row.Parameter == "batchSize").ToDictionary(row => row.To, row => row.OneStep);

        Assert.True(steps["4"]);
        Assert.All(Verified.Choice.Neighbours.Where(row => row is { Parameter: "batchSize", To: "1" }), row => Assert.False(row.OneStep));
    }

    [Fact]
    public void Importance_is_the_strategys_word_where_it_has_one()
    {
        var report = ReportBuilder.Build(ReportFixture.Verified() with { Importance = ImmutableDictionary<string, double>.Empty.Add("workers", 0.3).Add("batchSize", 0.5) });

        Assert.Equal(ImportanceSource.Model, report.Choice.Importance.Source);
        Assert.Equal(["batchSize", "workers"], report.Choice.Importance.Parameters.Take(2).Select(row => row.Parameter));
    }

    [Fact]
    public void Importance_from_the_trials_alone_says_so()
    {
        Assert.Equal(ImportanceSource.Trials, Verified.Choice.Importance.Source);
        Assert.All(Verified.Choice.Importance.Parameters, row => Assert.InRange(row.Share, 0, 1));
        Assert.Equal(ImportanceSource.None, ReportBuilder.Build(ReportFixture.BudgetExhausted()).Choice.Importance.Source);
    }

    [Fact]
    public void Nothing_feasible_tells_what_was_not_tried_and_at_which_load_it_would_work()
    {
        var nothing = Nothing.NothingFeasible!;

        Assert.Contains(nothing.NotTried, sentence => sentence.Contains("of the 54 in the space had no trial", StringComparison.Ordinal));
        Assert.Contains(nothing.NotTried, sentence => sentence.Contains("No candidate with replicas 2, 3", StringComparison.Ordinal));
        var load = Assert.Single(nothing.Loads);
        Assert.Equal(("steady", 200.0, 0, 4), (load.Phase, load.RatePerSecond, load.Met, load.Measured));
    }

    [Fact]
    public void Envelope_holds_up_to_the_measured_rate_and_admits_that_its_end_is_unknown()
    {
        var envelope = Verified.Charts.Envelope!;

        Assert.Equal((200.0, null, false), (envelope.HoldsUpTo, envelope.BreaksAt, envelope.Probed));
        Assert.Null(envelope.ScaleOutRatePerReplica);
        Assert.Contains("how much more the winner bears was not measured", Words.Envelope(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public void Envelope_tells_where_the_probe_saw_the_slos_break_and_no_verdict_rests_on_it()
    {
        var report = ReportBuilder.Build(ReportFixture.WithEnvelope());
        var envelope = report.Charts.Envelope!;

        Assert.True(envelope.Probed);
        Assert.Equal((200.0, 300.0), (envelope.HoldsUpTo!.Value, envelope.BreaksAt!.Value));
        Assert.Equal(200 * 0.85, envelope.ScaleOutRatePerReplica!.Value, 9);
        Assert.Equal([100.0, 200.0, 300.0, 400.0], envelope.Points.Select(point => point.OfferedRate));
        Assert.True(envelope.Points[^1].ServedRate < envelope.Points[^1].OfferedRate * 0.98);
        Assert.Equal(Verified.Find(Verified.Verdict.Winner)!.Requests, report.Find(report.Verdict.Winner)!.Requests);
        Assert.Contains("head-room", ReportHtml.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Envelope_is_not_lost_to_a_stage_that_decided_nothing()
    {
        var envelope = Envelope(phases => phases.SetItem(0, Short(phases[0])));

        Assert.Equal(Standing.Undecided, envelope.Points[0].Standing);
        Assert.Equal((200.0, 300.0, null), (envelope.HoldsUpTo, envelope.BreaksAt, envelope.UndecidedAt));
        Assert.StartsWith("The SLOs hold up to 200/s and are missed at 300/s. With 15 % head-room an autoscaler should add a replica at 170/s for each.", Words.Envelope(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public void Envelope_says_which_rate_between_holding_and_breaking_is_undecided()
    {
        var envelope = Envelope(phases => phases.SetItem(1, Short(phases[1])));

        Assert.Equal((200.0, 400.0, 300.0), (envelope.HoldsUpTo, envelope.BreaksAt, envelope.UndecidedAt));
        Assert.StartsWith("The SLOs hold up to 200/s and are missed at 400/s, at 300/s it is not decided.", Words.Envelope(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_and_margins_that_say_nothing_are_not_printed_digit_by_digit()
    {
        var row = Verified.Verdict.Slos[0] with { Upper = 1.2e8, Margin = 1 - (1.2e8 / 0.1) };

        Assert.Equal("none", row.DecidingText);
        Assert.EndsWith(" or more", row.IntervalText, StringComparison.Ordinal);
        Assert.Equal("1.2e+08", row.Upper!.Value.ToString("0.0e+00", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("8.00 s", (row with { Estimate = 6, Upper = 8 }).DecidingText);
        Assert.Equal("> 1 s", Figures.Relaxed(1.2e8, 0.1, "s"));
        Assert.Equal("> 10×", Figures.Margin(row.Margin));
        Assert.Equal("5.5×", Figures.Margin(-4.5));
        Assert.Equal("−50 %", Figures.Margin(-0.5));
    }

    [Fact]
    public void Slices_hold_every_measured_candidate_once_for_each_parameter()
    {
        var measured = Verified.Charts.CostLatency.Points.Where(point => point is { LatencySeconds: not null, Standing: not Standing.Failed }).Select(point => point.Key).Order(StringComparer.Ordinal);

        Assert.Equal(["replicas", "workers", "batchSize", "instanceType"], Verified.Charts.Slices.Select(slice => slice.Parameter));
        Assert.All(Verified.Charts.Slices, slice => Assert.Equal(measured, slice.Values.SelectMany(value => value.Candidates).Select(point => point.Key).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Early_ends_saved_the_price_of_the_load_that_was_not_sent()
    {
        var early = Verified.Trials.Single(trial => trial.Reason.StartsWith("ended early", StringComparison.Ordinal));

        Assert.Equal((double)early.CostPerHour * Verified.Spend.EarlySavedSeconds / 3600, (double)Verified.Spend.EarlySavedMoney, 9);
    }

    [Fact]
    public void What_other_users_would_pick_and_whether_the_environment_drifted_stand_in_every_face()
    {
        var picks = Words.OtherPicks(Verified).ToList();
        var (html, markdown, json) = (ReportHtml.Write(Verified), ReportMarkdown.Write(Verified), ReportJson.Write(Verified));

        Assert.Equal(["for latency", "for cost and latency alike"], picks.Select(pick => pick.Who));
        Assert.All(picks, pick => Assert.True(pick.Pick.Met));
        Assert.Equal(Verified.Verdict.Winner, Verified.Choice.TradeOffs!.ForCost!.Key);
        Assert.All(Verified.Choice.TradeOffs.Front, row => Assert.True(row.LatencySeconds >= picks[0].Pick.LatencySeconds));
        foreach (var face in new[] { html, markdown, json })
        {
            Assert.All(picks, pick => Assert.Contains(pick.Pick.Key, face, StringComparison.Ordinal));
            Assert.Contains("No drift beyond noise", face, StringComparison.Ordinal);
        }

        Assert.Contains("if you care", html, StringComparison.Ordinal);
        Assert.Contains("1 trial ended early saved", markdown, StringComparison.Ordinal);
        Assert.Empty(Words.OtherPicks(Nothing));
    }

    [Fact]
    public void A_cheaper_one_that_is_open_is_told_with_the_measurements_that_would_decide_it()
    {
        var input = ReportFixture.Verified();
        var use = (Recommendation.Use)input.Recommendation!;
        var cheaper = input.Evidence.First(item => item.CostPerHour < use.Winner.CostPerHour);
        var report = ReportBuilder.Build(input with { Recommendation = use with { CheaperUndecided = cheaper, CheaperUndecidedNeeds = "about 7 more measurements", CheaperUndecidedMeasurements = 7 } });

        Assert.Equal((cheaper.Candidate.Key, 7), (report.Choice.Undecided!.Key, report.Choice.Undecided.Measurements));
        Assert.Contains("about 7 more measurements would decide it", report.Verdict.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void History_ends_with_this_sweep()
    {
        var before = new HistoryPoint("digits-1", ReportFixture.Start.AddDays(-1), VerdictStatus.Verified, "replicas=3", 0.127m, 0.03, 0.1);
        var report = ReportBuilder.Build(ReportFixture.Verified() with { History = [before] });

        Assert.Equal(["digits-1", "digits-7k2m"], report.Charts.History!.Sweeps.Select(point => point.Id));
        Assert.Contains("Earlier sweeps of this name", ReportHtml.Write(report), StringComparison.Ordinal);
        Assert.Null(Verified.Charts.History);
    }

    [Fact]
    public void History_tells_from_which_sweep_on_something_is_different()
    {
        HistoryPoint Night(int day, string winner, double limit, GateVerdict? gate) =>
            new($"digits-{day}", ReportFixture.Start.AddDays(day), VerdictStatus.Verified, winner, 0.127m, 0.03, limit) { Gate = gate, GateReason = "60 % worse" };
        var history = HistoryPoints.Together(
            [Night(1, "a=1", 0.1, null), Night(2, "a=1", 0.1, GateVerdict.Pass), Night(3, "a=1", 0.1, GateVerdict.Fail), Night(4, "a=1", 0.1, GateVerdict.Fail), Night(5, "a=2", 0.2, GateVerdict.Warning)]);

        Assert.Equal(
            [("digits-3", ChangeKind.Worse), ("digits-5", ChangeKind.Winner), ("digits-5", ChangeKind.Recovered), ("digits-5", ChangeKind.Limit)],
            history.Changes.Select(change => (change.Id, change.Kind)));
        Assert.Contains("60 % worse", history.Changes[0].What, StringComparison.Ordinal);
        Assert.Contains("gate: FAIL", HistoryChart.Latency(history).Text, StringComparison.Ordinal);
    }

    /// <summary>The envelope of a report whose probe had other phases.</summary>
    private static EnvelopeData Envelope(Func<ImmutableArray<PhaseMeasurement>, ImmutableArray<PhaseMeasurement>> change)
    {
        var input = ReportFixture.WithEnvelope();
        var probe = input.Trials[^1];
        var state = (TrialState.Invalid)probe.State;
        var changed = state with { Measurement = state.Measurement! with { Phases = change(state.Measurement.Phases) } };
        return ReportBuilder.Build(input with { Trials = input.Trials.SetItem(input.Trials.Length - 1, probe with { State = changed }) }).Charts.Envelope!;
    }

    private static PhaseMeasurement Short(PhaseMeasurement phase) => phase with { Duration = TimeSpan.FromSeconds(2), Seconds = phase.Seconds[..2] };
}
