using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Loads;

namespace Tuner.Core.Definitions;

/// <summary>Reads the traffic to send, with the bodies that it names.</summary>
internal static class LoadBinding
{
    /// <param name="names">What the conditions of variants may name.</param>
    public static LoadProfile? Read(Section root, IReadOnlyDictionary<string, NameType> names, ISweepFiles files)
    {
        var load = root.Sub("load");
        var request = RequestBinding.Read(load.Sub("request"), files);
        var variants = Variants(load, names, files);
        var arrival = load.Text("arrival") switch
        {
            "poisson" => Arrival.Poisson,
            "constant" => Arrival.Constant,
            "closed" => Arrival.Closed,
            _ => (Arrival?)null,
        };
        var phases = PhaseBinding.Read(load, arrival, files);
        var connections = load.Sub("connections");
        var timeout = load.Duration("timeout");
        if (timeout == TimeSpan.Zero)
        {
            load.Error("timeout", "is zero, so that every request would fail. Write for example 10s.");
        }

        return request is null || arrival is null || phases.IsEmpty || timeout is null || connections.Flag("reuse") is not { } reuse || connections.Integer("max") is not { } max ? null : new LoadProfile
        {
            Request = request,
            Variants = variants,
            Arrival = arrival.Value,
            Phases = phases,
            Timeout = timeout.Value,
            Connections = new ConnectionPolicy { Reuse = reuse, Max = (int)max },
        };
    }

    private static ImmutableArray<RequestVariant> Variants(Section load, IReadOnlyDictionary<string, NameType> names, ISweepFiles files)
    {
        var variants = ImmutableArray.CreateBuilder<RequestVariant>();
        foreach (var (_, section) in load.Sections("variants"))
        {
            var when = section.Text("when") is { } text ? FormulaBinding.Read(text, FormulaType.Condition, names, section.At("when"), section.Problems) : null;
            if (RequestBinding.Read(section.Sub("request"), files) is { } request && when is not null)
            {
                variants.Add(new RequestVariant(when, request));
            }
        }

        return variants.ToImmutable();
    }
}
