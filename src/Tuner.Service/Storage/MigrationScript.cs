using System.Collections.Immutable;
using System.Reflection;

namespace Tuner.Service.Storage;

/// <summary>
/// One ordered step of the schema, the same text for both databases. Names stay for ever: each database remembers which
/// ones it has seen.
/// </summary>
internal sealed record MigrationScript(string Name, string Text)
{
    private const string Prefix = "Tuner.Service.Storage.Migrations.";

    public static ImmutableArray<MigrationScript> All { get; } = Read();

    /// <summary>What is still to be run, in order.</summary>
    /// <exception cref="InvalidOperationException">The database has seen a script that this Tuner does not know.</exception>
    public static ImmutableArray<MigrationScript> Missing(IReadOnlyCollection<string> seen, string database)
    {
        var unknown = seen.Where(name => !All.Any(script => string.Equals(script.Name, name, StringComparison.Ordinal))).Order(StringComparer.Ordinal).ToList();
        return unknown.Count == 0
            ? [.. All.Where(script => !seen.Contains(script.Name))]
            : throw new InvalidOperationException(
                $"{database} has schema step {unknown[^1]}, which this Tuner does not know (its last one is {All[^1].Name}). Use the newer Tuner that wrote it, or another database.");
    }

    private static ImmutableArray<MigrationScript> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(Prefix, StringComparison.Ordinal)
               orderby resource
               let reader = new StreamReader(assembly.GetManifestResourceStream(resource)!)
               select new MigrationScript(Path.GetFileNameWithoutExtension(resource[Prefix.Length..]), reader.ReadToEnd()),
        ];
    }
}
