using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tuner.Core.Loads;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>
/// The hash by which two submissions are known to ask the same question. It is taken over the resolved sweep, so that
/// comments, formatting, the order of keys and written-out defaults do not matter; labels and the schedule are not part
/// of the question either.
/// </summary>
public static class SweepFingerprint
{
    // Raised whenever the text below changes its meaning, so that old and new hashes never agree by chance.
    private const string Version = "tuner-fingerprint/1";

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Of(Sweep sweep)
    {
        var text = new StringBuilder();
        Put(text, "format", Version);
        Put(text, "name", sweep.Name);
        PutTarget(text, sweep.Target);
        PutSpace(text, sweep.Space);
        Put(text, "baseline", sweep.Baseline is { } baseline ? Sorted(baseline) : "");
        PutLoad(text, sweep.Load);
        PutSlos(text, sweep);
        Put(text, "objective", sweep.Objective.ToString());
        if (sweep.Minimized is { } minimized)
        {
            Put(text, "minimized", minimized);
        }

        PutCost(text, sweep.Cost);
        Put(text, "search", sweep.Search.Strategy, sweep.Search.Seed.ToString(CultureInfo.InvariantCulture));
        if (!sweep.Search.WarmStart)
        {
            Put(text, "cold start");
        }

        if (sweep.Search.Screening is { } screening)
        {
            Put(text, "screening", Ticks(screening));
        }

        if (sweep.Search.Patience is not null || sweep.Search.Goal is not null)
        {
            Put(text, "ends", sweep.Search.Patience?.ToString(CultureInfo.InvariantCulture) ?? "", sweep.Search.Goal?.ToString(CultureInfo.InvariantCulture) ?? "");
        }

        Put(text, "measurement", sweep.Measurement.ToString());
        Put(text, "budget", sweep.Budget.ToString());
        Put(text, "verification", sweep.Verification.ToString());
        if (sweep.Envelope)
        {
            Put(text, "envelope", "true");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// What the second sweep measures in another way, in the definition's own words; empty where the same candidate's
    /// measurements of both can be held against each other, however they search and whatever they pay.
    /// </summary>
    public static ImmutableArray<string> Differences(Sweep first, Sweep second)
    {
        (string Part, Action<StringBuilder, Sweep> Put)[] parts =
        [
            ("target", (text, sweep) => PutTarget(text, sweep.Target)),
            ("baseline", (text, sweep) => Put(text, "baseline", sweep.Baseline is { } baseline ? Sorted(baseline) : "")),
            ("load", (text, sweep) => PutLoad(text, sweep.Load)),
            ("slos", PutSlos),
            ("measurement.warmup", (text, sweep) => Put(text, "warmup", Ticks(sweep.Measurement.Warmup))),
        ];
        return [.. parts.Where(part => !string.Equals(Text(part.Put, first), Text(part.Put, second), StringComparison.Ordinal)).Select(part => part.Part)];

        static string Text(Action<StringBuilder, Sweep> put, Sweep sweep)
        {
            var text = new StringBuilder();
            put(text, sweep);
            return text.ToString();
        }
    }

    /// <summary>What may differ between two questions that no text tells shortly, each part by a hash of its own.</summary>
    public static ImmutableSortedDictionary<string, string> Parts(Sweep sweep)
    {
        (string Part, Action<StringBuilder> Put)[] parts =
        [
            ("target", text => PutTarget(text, sweep.Target)),
            ("parameters", text => PutParameters(text, sweep.Space)),
            ("prices", text =>
            {
                PutInstances(text, sweep.Space);
                PutCost(text, sweep.Cost);
            }),
            ("load", text => PutLoad(text, sweep.Load)),
            ("measurement", text => Put(text, "measurement", sweep.Measurement.ToString())),
            ("budget", text => Put(text, "budget", sweep.Budget.ToString())),
            ("verification", text => Put(text, "verification", sweep.Verification.ToString(), sweep.Envelope.ToString())),
        ];
        return parts.ToImmutableSortedDictionary(part => part.Part, part => Hash(part.Put), StringComparer.Ordinal);

        static string Hash(Action<StringBuilder> put)
        {
            var text = new StringBuilder();
            put(text);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12];
        }
    }

    private static void PutSlos(StringBuilder text, Sweep sweep)
    {
        foreach (var slo in sweep.Slos.Select(Sentence).Order(StringComparer.Ordinal))
        {
            Put(text, "slo", slo);
        }

        foreach (var number in sweep.Reported.OrderBy(number => number.Name, StringComparer.Ordinal))
        {
            Put(text, "metric", number.Name, number.Path, number.Source.ToString()!, number.Over.ToString());
        }
    }

    private static void PutTarget(StringBuilder text, Target target)
    {
        switch (target)
        {
            case Target.Process process:
                Put(text, "command", [.. process.Command.Select(part => part.Text)]);
                foreach (var (key, value) in process.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    Put(text, "env", key, value.Text);
                }

                foreach (var file in process.Files.OrderBy(file => file.Path, StringComparer.Ordinal))
                {
                    Put(text, "file", file.Path, file.Content.Text);
                }

                Put(text, "process", process.WorkingDirectory, process.Replicas.Text, process.Readiness.Path, Ticks(process.Readiness.Timeout), Ticks(process.StopTimeout));
                break;
            case Target.Argo argo:
                PutArgo(text, argo);
                break;
            case Target.Endpoint endpoint:
                Put(text, "endpoint", [.. endpoint.Urls.Select(url => url.AbsoluteUri)]);
                break;
            default:
                throw new InvalidOperationException($"Unknown target {target.GetType().Name}.");
        }
    }

    private static void PutArgo(StringBuilder text, Target.Argo argo)
    {
        Put(text, "argo", argo.Namespace, argo.Replicas.Text, argo.Container ?? "", argo.NodeLabel, argo.ServiceAccount);
        switch (argo.Source)
        {
            case ArgoSource.Manifest manifest:
                Put(text, "manifest", [.. manifest.Documents.Select(document => document.Text)]);
                break;
            case ArgoSource.Existing existing:
                Put(text, "existing", existing.ApiVersion, existing.Kind, existing.Name, existing.Patch?.Text ?? "", existing.InPlace.ToString());
                break;
        }

        foreach (var (key, value) in argo.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Put(text, "env", key, value.Text);
        }

        Put(text, "args", [.. argo.Arguments.Select(argument => argument.Text)]);
        foreach (var (key, value) in argo.Resources.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Put(text, "resource", key, value.Text);
        }

        foreach (var (name, placement) in argo.Instances)
        {
            Put(text, "placement", [name, .. placement.NodeSelector.Select(pair => $"{pair.Key}={pair.Value}"), .. placement.Tolerations.Select(toleration => toleration.ToString())]);
        }

        Put(text, "ready", argo.Readiness.Condition ?? "", argo.Readiness.Path ?? "", Ticks(argo.Readiness.Timeout));
        Put(text, "to", argo.Load.Service ?? "", argo.Load.Port?.ToString(CultureInfo.InvariantCulture) ?? "", argo.Load.Url?.Text ?? "", argo.Load.Pods.ToString(CultureInfo.InvariantCulture));
    }

    private static void PutSpace(StringBuilder text, SearchSpace space)
    {
        PutRanges(text, space);
        PutInstances(text, space);
        PutListed(text, space);
    }

    private static void PutParameters(StringBuilder text, SearchSpace space)
    {
        PutRanges(text, space);
        PutListed(text, space);
    }

    private static void PutRanges(StringBuilder text, SearchSpace space)
    {
        foreach (var parameter in space.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal))
        {
            var when = parameter.When?.Text ?? "";
            switch (parameter)
            {
                case IntegerParameter whole:
                    Put(text, "int", whole.Name, Number(whole.Min), Number(whole.Max), Number(whole.Step), whole.Scale.ToString(), when);
                    break;
                case RealParameter real:
                    Put(text, "real", real.Name, Number(real.Min), Number(real.Max), real.Step is { } step ? Number(step) : "", real.Scale.ToString(), when);
                    break;
                case CategoricalParameter categorical:
                    Put(text, "values", [categorical.Name, when, .. categorical.Values.Select(value => value.Text)]);
                    break;
                default:
                    throw new InvalidOperationException($"Unknown kind of parameter {parameter.GetType().Name}.");
            }
        }

        foreach (var constraint in space.Constraints.Select(constraint => constraint.Text).Order(StringComparer.Ordinal))
        {
            Put(text, "constraint", constraint);
        }
    }

    private static void PutInstances(StringBuilder text, SearchSpace space)
    {
        foreach (var instance in space.Instances.Values.OrderBy(instance => instance.Name, StringComparer.Ordinal))
        {
            Put(text, "instance", instance.Name, Number(instance.Vcpus), Number(instance.MemoryGib), Number(instance.PricePerHour), instance.Region ?? "", instance.Accelerator ?? "", Number(instance.AcceleratorCount));
        }
    }

    private static void PutListed(StringBuilder text, SearchSpace space)
    {
        foreach (var candidate in space.Listed ?? [])
        {
            Put(text, "candidate", Sorted(candidate));
        }
    }

    private static void PutLoad(StringBuilder text, LoadProfile load)
    {
        PutRequest(text, load.Request);
        foreach (var variant in load.Variants)
        {
            Put(text, "variant", variant.When.Text);
            PutRequest(text, variant.Request);
        }

        Put(text, "load", load.Arrival.ToString(), load.Connections.ToString(), Ticks(load.Timeout));
        foreach (var phase in load.Phases)
        {
            Put(text, "phase", phase.Name, Ticks(phase.Duration), phase switch
            {
                RatePhase rate => $"{Number(rate.RatePerSecond)}/s",
                UsersPhase users => $"{Number(users.Users)} users{(users.Requests is { } batch ? $" {Number(batch)}" : "")}",
                RampPhase ramp => $"{Number(ramp.FromRatePerSecond)}/s-{Number(ramp.ToRatePerSecond)}/s",
                CurvePhase curve => string.Join(' ', curve.Points.Select(point => $"{Ticks(point.At)}:{Number(point.RatePerSecond)}/s")),
                RecordedPhase recorded => string.Join(' ', recorded.Arrivals.Select(Ticks)),
                _ => throw new InvalidOperationException($"Unknown kind of phase {phase.GetType().Name}."),
            });
        }
    }

    private static void PutRequest(StringBuilder text, RequestTemplate request)
    {
        Put(text, "request", request.Method, request.Path, request.Protocol.ToString(), request.Streams ? "stream" : "", string.Join(',', request.ExpectedStatus.Order()));
        foreach (var (key, value) in request.Headers.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            Put(text, "header", key.ToLowerInvariant(), value);
        }

        foreach (var body in request.Bodies)
        {
            Put(text, "body", body.Name, Convert.ToHexString(SHA256.HashData(body.Content.Span)), Number(body.Weight));
        }
    }

    private static void PutCost(StringBuilder text, CostModel cost)
    {
        switch (cost)
        {
            case CostModel.ByInstance model:
                Put(text, "cost", model.Currency, model.Instances.Text);
                break;
            case CostModel.ByResource model:
                Put(text, "cost", model.Currency, model.Vcpus.Text, Number(model.PricePerVcpuHour), model.MemoryGib.Text, Number(model.PricePerGibHour));
                break;
            default:
                throw new InvalidOperationException($"Unknown cost model {cost.GetType().Name}.");
        }
    }

    private static string Sentence(Slo slo) => $"{slo.Metric} {slo.Bound} {Number(slo.Limit)} {slo.Phase}";

    private static string Sorted(Candidate candidate) =>
        string.Join('\u001f', candidate.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value.Text}"));

    // Lengths keep ("ab", "c") and ("a", "bc") apart.
    private static void Put(StringBuilder text, string name, params string[] values)
    {
        text.Append(name);
        foreach (var value in values)
        {
            text.Append(' ').Append(value.Length).Append(':').Append(value);
        }

        text.Append('\n');
    }

    private static string Ticks(TimeSpan duration) => Number(duration.Ticks);

    private static string Number<T>(T number)
        where T : IFormattable => number is double real ? real.ToString("R", CultureInfo.InvariantCulture)
        : number is decimal money ? (money / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : number.ToString(null, CultureInfo.InvariantCulture);
}
