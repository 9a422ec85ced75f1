using System.Collections.Immutable;
using Tuner.Core.Search;
using Tuner.Core.Space;

namespace Tuner.Testing.SearchTasks;

/// <summary>A generated machine that can be rented.</summary>
public sealed record Machine(string Name, double Vcpus, double Memory, double Speed, double Bandwidth, double Flops, double Price);

/// <summary>Draws catalogs of machines with prices that roughly follow what they can do, as real ones do.</summary>
public static class MachineCatalog
{
    /// <summary>General-purpose machines: two or three families of up to three sizes.</summary>
    public static ImmutableArray<Machine> Cpu(Random random)
    {
        var machines = ImmutableArray.CreateBuilder<Machine>();
        foreach (var (family, ratio) in new[] { ("c", 2.0), ("m", 4.0), ("r", 8.0) }.Take(random.Next(2, 4)))
        {
            var speed = 0.75 + (0.5 * random.NextDouble());
            var rate = (0.022 + (0.0035 * ratio)) * (0.85 + (0.3 * random.NextDouble())) * Math.Sqrt(speed);
            foreach (var vcpus in new[] { 2.0, 4, 8 }.Take(random.Next(2, 4)))
            {
                machines.Add(new Machine($"{family}.{vcpus}", vcpus, vcpus * ratio, speed, 0, 0, Math.Round(vcpus * rate, 4)));
            }
        }

        return machines.ToImmutable();
    }

    /// <summary>Accelerators of three to five generations; memory in GB, bandwidth in GB/s, compute in TFLOPS.</summary>
    public static ImmutableArray<Machine> Accelerators(Random random)
    {
        var count = random.Next(2, 6);
        return
        [
            .. Enumerable.Range(0, count).Select(index =>
            {
                var level = Math.Pow(2, index * (1 + (0.5 * random.NextDouble())));
                double Vary() => Math.Exp(SearchTask.Gauss(random) * 0.25);
                return new Machine(
                    $"g{index}", 8, Math.Round(16 * Math.Sqrt(level) * Vary()), 1, Math.Round(300 * Math.Pow(level, 0.8) * Vary()),
                    Math.Round(60 * level * Vary()), Math.Round(0.5 * Math.Pow(level, 0.8) * Vary(), 3));
            }),
        ];
    }

    /// <summary>The machines as a parameter, with the attributes that a price book would tell.</summary>
    public static TaskAxis Axis(string name, ImmutableArray<Machine> machines, params (string Name, Func<Machine, double> Of)[] attributes) => new(
        name,
        [.. machines.Select(machine => ParameterValue.Of(machine.Name))],
        new ParameterHint
        {
            Attributes = machines.ToImmutableDictionary(
                machine => machine.Name,
                machine => attributes.ToImmutableDictionary(attribute => attribute.Name, attribute => attribute.Of(machine))),
        });
}
