using System.Globalization;

namespace Tuner.EngineNode;

/// <summary>What a node is started with.</summary>
public sealed record NodeOptions
{
    public required string State { get; init; }

    /// <summary>A connection string; SQLite in the state folder where it is null.</summary>
    public string? Database { get; init; }

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Trial { get; init; } = TimeSpan.FromMilliseconds(20);

    public int Sweeps { get; init; } = 4;

    public string? Children { get; init; }

    public static NodeOptions Parse(string[] args)
    {
        var values = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        double Number(string name, double standard) => values.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : standard;
        return new NodeOptions
        {
            State = values["--state"],
            Database = values.GetValueOrDefault("--database"),
            Lease = TimeSpan.FromSeconds(Number("--lease", 30)),
            Trial = TimeSpan.FromMilliseconds(Number("--trial", 20)),
            Sweeps = (int)Number("--sweeps", 4),
            Children = values.GetValueOrDefault("--children"),
        };
    }

    public IEnumerable<string> Arguments()
    {
        yield return "serve";
        foreach (var (name, value) in new (string, string?)[]
        {
            ("--state", State), ("--database", Database), ("--lease", Text(Lease.TotalSeconds)), ("--trial", Text(Trial.TotalMilliseconds)), ("--sweeps", Text(Sweeps)), ("--children", Children),
        })
        {
            if (value is not null)
            {
                yield return name;
                yield return value;
            }
        }
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
