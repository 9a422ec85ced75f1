using Tuner.Core.Slos;
using Tuner.Core.Space;

namespace Tuner.Testing.SearchTasks;

/// <summary>
/// A job on nodes of several clouds, whose types are named by cloud, series and size: speed and price are mostly those of
/// the series and the size, and partly nobody can explain them. Nothing but the names tells what a type is.
/// </summary>
public sealed class CloudJobFamily : SearchTaskFamily
{
    public override string Name => "clouds";

    protected override TaskDraft Draw(Random random)
    {
        var (quirk, spread) = (Between(random, 0.03, 0.15), Between(random, 0.15, 0.4));
        var sizes = new[] { ("s", 1.0), ("m", 2), ("l", 4) }.Take(random.Next(2, 4)).Select(size => (Name: size.Item1, Cores: size.Item2, Speed: Math.Pow(size.Item2, Between(random, 0.4, 0.9)))).ToArray();
        var types = new List<(string Name, double Speed, double Price)>();
        for (var cloud = 0; cloud < random.Next(2, 4); cloud++)
        {
            var level = Math.Exp(Normal(random, 0.15));
            for (var series = random.Next(2, 5); series > 0; series--)
            {
                var (speed, price) = (level * Math.Exp(Normal(random, spread)), LogBetween(random, 0.03, 0.07));
                foreach (var size in sizes)
                {
                    types.Add(($"{(char)('a' + cloud)}-x{series}.{size.Name}", speed * size.Speed * Math.Exp(Normal(random, quirk)), Math.Round(price * size.Cores * Math.Sqrt(speed), 4)));
                }
            }
        }

        var (serial, talk) = (Between(random, 0.05, 0.6), Between(random, 0, 0.06));
        var speeds = types.ToDictionary(type => type.Name, type => type, StringComparer.Ordinal);
        return TaskDraft.Product(
            [
                new TaskAxis("node_type", [.. types.Select(type => ParameterValue.Of(type.Name))], new()),
                TaskAxis.Ordered("nodes", true, 2, 3, 4, 5, 6),
            ],
            [new TaskMetric("runtime_s", Bound.AtMost, 0.05)],
            setting =>
            {
                var (type, nodes) = (speeds[setting[0].Text], setting[1].Number!.Value);
                return new TaskRow(setting, type.Price * nodes, [100 / type.Speed * (serial + ((1 - serial) / nodes) + (talk * Math.Log(nodes)))]);
            });
    }
}
