using System.Globalization;
using System.Numerics;
using System.Text;
using Tuner.Core.Definitions;
using Tuner.Core.Loads;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Reports;

namespace Tuner.Cli;

/// <summary>A plan for someone to read.</summary>
internal static class PlanText
{
    public static string Of(Sweep sweep, SweepPreview preview, MachineCapacity machine)
    {
        var text = new StringBuilder();
        Line(text, "Sweep", $"{sweep.Name} (fingerprint {sweep.Fingerprint[..12]})");
        Target(text, sweep.Target);
        Space(text, sweep, preview, machine);
        Load(text, sweep.Load);
        Slos(text, sweep, preview);
        Settings(text, sweep);
        Estimate(text, sweep, preview);
        Commands(text, sweep, preview);
        foreach (var warning in preview.Warnings)
        {
            Line(text, "Warning", warning);
        }

        if (preview.Impossible is { } reason)
        {
            Line(text, "Nothing to do", reason);
        }

        return text.ToString();
    }

    private static void Target(StringBuilder text, Target target)
    {
        switch (target)
        {
            case Target.Process process:
                Line(text, "Target", $"local processes, {process.Replicas} of them, in {process.WorkingDirectory}");
                Line(text, "", $"ready when {SecretAddresses.Hide(process.Readiness.Path, SecretMask.Hidden)} answers, within {Quantities.Show(process.Readiness.Timeout)}; {Quantities.Show(process.StopTimeout)} to stop");
                break;
            case Target.Argo argo:
                Line(text, "Target", $"Kubernetes, namespace {argo.Namespace}: {Source(argo.Source)}, {argo.Replicas} replicas");
                Line(text, "", $"ready within {Quantities.Show(argo.Readiness.Timeout)}{(argo.Readiness.Condition is { } condition ? $", condition {condition}" : "")}{(argo.Readiness.Path is { } path ? $", {SecretAddresses.Hide(path, SecretMask.Hidden)} answers" : "")}; "
                    + $"load to {argo.Load.Url?.Text ?? $"the pods of Service {argo.Load.Service}"}{(argo.Load.Pods > 1 ? $" from {argo.Load.Pods} pods" : "")}");
                break;
            case Target.Endpoint endpoint:
                Line(text, "Target", $"{string.Join(", ", endpoint.Urls.Select(url => url.GetLeftPart(UriPartial.Authority)))} (runs already)");
                break;
        }
    }

    private static string Source(ArgoSource source) => source switch
    {
        ArgoSource.Manifest manifest => string.Join(", ", manifest.Documents.Select(document => document.File).Distinct(StringComparer.Ordinal)),
        ArgoSource.Existing { InPlace: true } existing => $"{existing.Kind} {existing.Name}, patched where it is and restored after each trial",
        ArgoSource.Existing existing => $"a copy of {existing.Kind} {existing.Name}",
        _ => "",
    };

    private static void Space(StringBuilder text, Sweep sweep, SweepPreview preview, MachineCapacity machine)
    {
        foreach (var (index, parameter) in sweep.Space.Parameters.Index())
        {
            Line(text, index == 0 ? "Parameters" : "", Describe(parameter));
        }

        foreach (var (index, constraint) in sweep.Space.Constraints.Index())
        {
            Line(text, index == 0 ? "Constraints" : "", constraint.Text);
        }

        var tally = preview.Space;
        var about = tally.Counted ? "" : "about ";
        Line(text, "Candidates", $"{(tally.Combinations is { } all ? Number(all) : "endless")} combinations, {(tally.Candidates is { } some ? $"{about}{Number(some)}" : "endless")} after conditions and constraints, "
            + $"{(tally.Measurable is { } measurable ? $"{about}{Number(measurable)}" : "endless")} to be measured here");
        foreach (var (reason, count) in tally.Excluded)
        {
            var share = tally.Counted ? Number(count) : $"{(double)count / tally.Seen:0%} of them";
            Line(text, "", $"{share} excluded: {reason}");
        }

        if (sweep.Target is Target.Argo)
        {
            return;
        }

        Line(text, "Machine", $"{machine.Cores} cores, {machine.GeneratorCores} for the load generator, {machine.MemoryBytes / (double)(1L << 30):0.#} GiB{(machine.Enforcement.Length > 0 ? $"; {machine.Enforcement}" : "")}");
    }

    private static void Load(StringBuilder text, LoadProfile load)
    {
        var bodies = load.Request.Bodies.IsEmpty ? "" : $", {string.Join(" + ", load.Request.Bodies.Select(body => $"{body.Name} x {body.Weight:R}"))}";
        Line(text, "Load", $"{load.Request.Method} {SecretAddresses.Hide(load.Request.Path, SecretMask.Hidden)}{bodies}; {load.Arrival.ToString().ToLowerInvariant()} arrivals, time-out {Quantities.Show(load.Timeout)}, "
            + $"connections {(load.Connections.Reuse ? "reused" : "not reused")}, at most {load.Connections.Max}");
        foreach (var phase in load.Phases)
        {
            Line(text, "", $"{phase.Name}: {phase.Intensity} for {Quantities.Show(phase.Duration)}");
        }
    }

    private static void Slos(StringBuilder text, Sweep sweep, SweepPreview preview)
    {
        foreach (var (index, slo) in preview.Slos.Index())
        {
            Line(text, index == 0 ? "SLOs" : "", $"{slo.Slo.Text} ({slo.Reason})");
        }

        Line(text, "Objective", $"least {(sweep.Objective is Objective.CostPerHour ? "cost per hour" : MeasuredObjective.Words(sweep))}; {Cost(sweep)}");
    }

    private static void Settings(StringBuilder text, Sweep sweep)
    {
        var (search, measurement, budget, verification) = (sweep.Search, sweep.Measurement, sweep.Budget, sweep.Verification);
        Line(text, "Search", $"{search.Strategy}, seed {search.Seed}{Asked(search, sweep.Cost.Currency)}");
        Line(text, "Measurement", $"warm-up {Quantities.Show(measurement.Warmup)}, percentiles from {measurement.MinRequests:N0} requests, at most {measurement.MaxRepeats} repeats, "
            + $"{(measurement.EarlyAbort ? "hopeless trials end early" : "every trial runs to its end")}");
        Line(text, "Budget", $"{budget.Trials:N0} trials, {(budget.WallTime is { } wall ? Quantities.Show(wall) : "no limit of time")}, {(budget.Money is { } money ? $"{money:0.####} {sweep.Cost.Currency}" : "no limit of money")}, "
            + $"{budget.Failures} failures, {budget.Parallel} at a time");
        Line(text, "Verification", verification.Repeats == 0 ? "off" : $"{verification.Finalists} finalists, {verification.Repeats} fresh measurements each, {verification.Confidence:0.####%} confidence");
        if (sweep.Schedule is { } schedule)
        {
            Line(text, "Schedule", $"{schedule.Cron} ({schedule.TimeZone}), {schedule.Overlap.ToString().ToLowerInvariant()} while one is running; counts in the service only");
        }
    }

    private static void Estimate(StringBuilder text, Sweep sweep, SweepPreview preview)
    {
        var notional = sweep.Target is Target.Process ? ", notional: local processes cost nothing" : "";
        Line(text, "Trial", $"{Quantities.Show(preview.TrialTime)} ({Quantities.Show(SweepPreview.StartAndStop)} assumed to start and stop)");
        if (preview.Space is { Cheapest: { } cheap, Dearest: { } dear })
        {
            var hours = (decimal)preview.TrialTime.TotalHours;
            Line(text, "Price", $"{cheap:0.######} to {dear:0.######} {sweep.Cost.Currency} an hour, {cheap * hours:0.######} to {dear * hours:0.######} {sweep.Cost.Currency} a trial{notional}");
        }

        if (preview is { LeastMoney: { } least, MostMoney: { } most })
        {
            Line(text, "In all", $"at most {preview.Trials:N0} trials, {Quantities.Show(preview.WallTime)}, {least:0.####} to {most:0.####} {sweep.Cost.Currency}");
        }
    }

    private static void Commands(StringBuilder text, Sweep sweep, SweepPreview preview)
    {
        if (sweep.Target is Target.Argo argo && preview.Space.First is { } first)
        {
            Line(text, "First", first.Key);
            text.Append('\n').Append(FirstWorkflow.Of(sweep, argo, first)).Append('\n');
        }

        if (sweep.Target is not Target.Process process)
        {
            return;
        }

        foreach (var (name, candidate) in new[] { ("Baseline", sweep.Baseline), ("First", preview.Space.First) })
        {
            if (candidate is not null)
            {
                Line(text, name, candidate.Key);
                Line(text, "", $"{CommandLine.Replicas(process, sweep.Space, candidate)} x {CommandLine.Of(process, sweep.Space, candidate)}");
            }
        }
    }

    private static string Cost(Sweep sweep) => sweep.Cost switch
    {
        CostModel.ByInstance model => $"{model.Instances} instances at the price of {sweep.PriceSource}",
        CostModel.ByResource model => $"{model.Vcpus} vCPUs at {model.PricePerVcpuHour} and {model.MemoryGib} GiB at {model.PricePerGibHour} {model.Currency} an hour",
        _ => "",
    };

    private static string Describe(Parameter parameter)
    {
        var scale = parameter switch
        {
            IntegerParameter { Scale: not Scale.Linear } whole => $" ({whole.Scale.ToString().ToLowerInvariant()})",
            RealParameter { Scale: not Scale.Linear } real => $" ({real.Scale.ToString().ToLowerInvariant()})",
            _ => "",
        };
        var values = parameter switch
        {
            CategoricalParameter listed => Spelling.List([.. listed.Values.Select(value => value.Text)]),
            IntegerParameter whole => $"{whole.Min} to {whole.Max}{(whole.Step > 1 ? $" in steps of {whole.Step}" : "")}",
            RealParameter real => $"{real.Min:R} to {real.Max:R}{(real.Step is { } step ? $" in steps of {step:R}" : "")}",
            _ => "",
        };
        return $"{parameter.Name}: {values}{scale}{(parameter.When is { } when ? $", when {when}" : "")}";
    }

    private static string Number(BigInteger number) => number < 1_000_000_000_000_000 ? number.ToString("N0", CultureInfo.InvariantCulture) : ((double)number).ToString("0.##e0", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string label, string content) =>
        text.Append(label.PadRight(13)).Append(' ').Append(content).Append('\n');

    /// <summary>What the definition asks of the search beyond its defaults.</summary>
    private static string Asked(SearchSettings search, string currency) =>
        (search.Screening is { } look ? $", looks of {Quantities.Show(look)} while searching" : "")
        + (search.Goal is { } goal ? $", until {goal:0.####} {currency} an hour" : "")
        + (search.Patience is { } patience ? $", ends after {patience} trials that find nothing cheaper" : "")
        + (search.WarmStart ? "" : ", cold start");
}
