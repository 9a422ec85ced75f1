using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tuner.Core.Loads;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>
/// What a resolved sweep asks, part by part, as text that is the same however the definition was written. Fingerprints are
/// taken over it: a change of meaning here raises their version.
/// </summary>
internal static class SweepText
{
    public static void PutSlos(StringBuilder text, Sweep sweep)
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

    public static void PutTarget(StringBuilder text, Target target)
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

    public static void PutSpace(StringBuilder text, SearchSpace space)
    {
        PutRanges(text, space);
        PutInstances(text, space);
        PutListed(text, space);
    }

    public static void PutParameters(StringBuilder text, SearchSpace space)
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

    public static void PutInstances(StringBuilder text, SearchSpace space)
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

    public static void PutLoad(StringBuilder text, LoadProfile load)
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

    public static void PutCost(StringBuilder text, CostModel cost)
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

    public static string Sorted(Candidate candidate) =>
        string.Join('\u001f', candidate.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value.Text}"));

    // Lengths keep ("ab", "c") and ("a", "bc") apart.
    public static void Put(StringBuilder text, string name, params string[] values)
    {
        text.Append(name);
        foreach (var value in values)
        {
            text.Append(' ').Append(value.Length).Append(':').Append(value);
        }

        text.Append('\n');
    }

    public static string Ticks(TimeSpan duration) => Number(duration.Ticks);

    private static string Number<T>(T number)
        where T : IFormattable => number is double real ? real.ToString("R", CultureInfo.InvariantCulture)
        : number is decimal money ? (money / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : number.ToString(null, CultureInfo.InvariantCulture);
}
