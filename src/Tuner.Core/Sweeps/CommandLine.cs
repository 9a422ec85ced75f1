using System.Collections.Immutable;
using Tuner.Core.Space;

namespace Tuner.Core.Sweeps;

/// <summary>How a candidate would be started, as a reader may paste it into a shell.</summary>
public static class CommandLine
{
    /// <summary>
    /// Program and arguments after the environment variables, quoted where a shell would take them apart. What is only known
    /// at the start (the port, the folder of samples) stands as <c>$PORT</c> and so on.
    /// </summary>
    public static string Of(Target.Process process, SearchSpace space, Candidate candidate) => string.Join(' ',
    [
        .. process.Environment.Select(pair => $"{pair.Key}={Quoted(Rendered(pair.Value, space, candidate))}"),
        .. process.Command.Select(part => Quoted(Rendered(part, space, candidate))),
    ]);

    /// <summary>The arguments, one by one.</summary>
    public static ImmutableArray<string> Arguments(Target.Process process, SearchSpace space, Candidate candidate) =>
        [.. process.Command.Select(part => Rendered(part, space, candidate))];

    /// <summary>How many processes the candidate has.</summary>
    public static string Replicas(Target.Process process, SearchSpace space, Candidate candidate) => Rendered(process.Replicas, space, candidate);

    private static string Rendered(Template template, SearchSpace space, Candidate candidate) => template.Render(name => name switch
    {
        TemplateNames.Port => "$PORT",
        TemplateNames.Replica => "$REPLICA",
        TemplateNames.Folder => "$FOLDER",
        TemplateNames.Samples => "$SAMPLES",
        _ => space.Lookup(candidate, name)?.Text,
    });

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=,+@%$".Contains(character, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
