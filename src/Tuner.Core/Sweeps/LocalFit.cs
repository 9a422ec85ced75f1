using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>
/// Whether this machine can hold a local candidate: all of its replicas' vCPUs within the cores that the generator leaves,
/// and their memory within the machine's. Others would be measured on less than they are paid for.
/// </summary>
public static class LocalFit
{
    private const double BytesPerGib = 1L << 30;

    /// <summary>Why the machine cannot hold the candidate; null where it can, and for targets that run elsewhere.</summary>
    public static string? WhyNot(Sweep sweep, Candidate candidate, MachineCapacity machine) =>
        WhyNot(sweep, name => sweep.Space.Lookup(candidate, name), sweep.Space.InstanceOf(candidate), machine);

    /// <summary>
    /// The sweep with only those candidates that the machine can hold, for strategies to propose from; unchanged where
    /// <c>allowOvercommit</c> keeps them all. A baseline that does not fit is left out. The fingerprint stays that of the
    /// whole question.
    /// </summary>
    public static Sweep Restrict(Sweep sweep, MachineCapacity machine)
    {
        if (sweep.Measurement.AllowOvercommit || Demands(sweep) is not { } demands)
        {
            return sweep;
        }

        var listed = sweep.Space.Listed;
        var memory = (machine.MemoryBytes / BytesPerGib).ToString("R", CultureInfo.InvariantCulture);
        return sweep with
        {
            Baseline = sweep.Baseline is { } baseline && WhyNot(sweep, baseline, machine) is null ? baseline : null,
            Space = sweep.Space with
            {
                Constraints = [.. sweep.Space.Constraints, Limit($"{demands.Vcpus} <= {machine.CandidateCores}"), Limit($"{demands.MemoryGib} <= {memory}")],
                Listed = listed is null ? null : listed.Value.Where(candidate => WhyNot(sweep, candidate, machine) is null).ToImmutableArray(),
            },
        };
    }

    internal static string? WhyNot(Sweep sweep, Func<string, ParameterValue?> lookup, InstanceType? instance, MachineCapacity machine)
    {
        if (sweep.Target is not Target.Process process)
        {
            return null;
        }

        var (vcpus, memoryGib) = (sweep.Cost, instance) switch
        {
            (_, { } size) when Replicas(process, lookup) is { } replicas => (replicas * size.Vcpus, replicas * size.MemoryGib),
            (CostModel.ByResource cost, null) => (cost.Vcpus.Number(lookup), cost.MemoryGib.Number(lookup)),
            _ => (0, 0),
        };
        if (vcpus > machine.CandidateCores * (1 + 1e-9))
        {
            return $"needs {vcpus.ToString("0.##", CultureInfo.InvariantCulture)} vCPUs; this machine has {machine.CandidateCores} for candidates"
                + (machine.GeneratorCores > 0 ? $" ({machine.GeneratorCores} of {machine.Cores} cores belong{(machine.GeneratorCores == 1 ? "s" : "")} to the load generator)" : "");
        }

        return memoryGib * BytesPerGib > machine.MemoryBytes
            ? $"needs {memoryGib.ToString("0.##", CultureInfo.InvariantCulture)} GiB; this machine has {(machine.MemoryBytes / BytesPerGib).ToString("0.#", CultureInfo.InvariantCulture)}"
            : null;
    }

    /// <summary>The vCPUs and GiB that a candidate asks for, as formulas; null where nothing says.</summary>
    private static (string Vcpus, string MemoryGib)? Demands(Sweep sweep)
    {
        if (sweep.Target is not Target.Process process)
        {
            return null;
        }

        if (sweep.Space.Parameters.Any(parameter => parameter.Name == SearchSpace.InstanceTypeParameter))
        {
            var replicas = process.Replicas.Names is [var name] ? name : process.Replicas.Text;
            return ($"{replicas} * instance.vcpus", $"{replicas} * instance.memory");
        }

        return sweep.Cost is CostModel.ByResource cost ? (cost.Vcpus.Text, cost.MemoryGib.Text) : null;
    }

    private static Constraint Limit(string text) => Expression.TryParse(text, out var condition, out var error)
        ? new Constraint(condition)
        : throw new InvalidOperationException($"'{text}' cannot be read: {error}.");

    private static double? Replicas(Target.Process process, Func<string, ParameterValue?> lookup) =>
        process.Replicas.Names is [var name] ? lookup(name)?.Number
        : double.TryParse(process.Replicas.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
