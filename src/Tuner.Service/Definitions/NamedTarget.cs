using System.Text;
using Tuner.Core.Definitions;

namespace Tuner.Service.Definitions;

/// <summary>
/// <c>target: { template: NAME }</c>: puts the target of a sweep that was registered under that name in the name's place.
/// That sweep is a file like any other, <c>targets/NAME.yaml</c>, and what its target names lies beside it: a service puts
/// the registered one there, so that a sweep can be made again from what was submitted, whatever is registered then.
/// </summary>
public static class NamedTarget
{
    public const string Folder = "targets/";
    private const string TargetKey = "target";
    private const string TemplateKey = "template";
    private const string ProcessKey = "process";
    private const string FilesKey = "files";

    /// <summary>The names under which a registered sweep and its files are found by a sweep that names it.</summary>
    public static IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> FilesOf(string name, SweepSubmission registered) =>
        registered.Files.Select(file => KeyValuePair.Create(Folder + file.Key, file.Value))
            .Append(KeyValuePair.Create(FileOf(name), (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(registered.Definition)));

    /// <summary>The name that the definition's target is known by, with its place; null where it names none.</summary>
    public static ScalarNode? Find(DefinitionNode root) =>
        Value(root, TargetKey) is MappingNode { Entries: [{ Key.Text: TemplateKey, Value: ScalarNode { IsEmpty: false } name }] } ? name : null;

    /// <summary>The definition as it would have been written without a name; every node of the target stands where the name stood.</summary>
    /// <param name="problem">Why there is no such target; the definition is as it was then.</param>
    public static SweepDefinition Put(SweepDefinition definition, ScalarNode name, ISweepFiles files, out DefinitionProblem? problem)
    {
        problem = null;
        if (name.Text.Length > 100 || !name.Text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            problem = Problem(name, $"'{name.Text}' is no name of a target: letters, digits, dashes, dots and underscores.");
            return definition;
        }

        var content = files.Read(FileOf(name.Text));
        if (content.Problem is not null)
        {
            problem = Problem(
                name, $"no target '{name.Text}' is known here. A service knows those that its operator registered (GET /api/v1/targets): ask it (TUNER_URL or --url), or write {FileOf(name.Text)} beside the sweep's file.");
            return definition;
        }

        if (SweepYaml.ReadTree(Encoding.UTF8.GetString(content.Bytes.Span)).Root is not { } registered
            || Value(registered, TargetKey) is not MappingNode { Entries: [{ Key.Text: ProcessKey, Value: MappingNode process }] })
        {
            problem = Problem(name, $"the target '{name.Text}' is no sweep with a target.process. Register it again: tuner target add {name.Text} SWEEP.yaml.");
            return definition;
        }

        var root = (MappingNode)definition.Root;
        var target = new MappingNode([new MappingEntry(At(name, ProcessKey), Placed(WithFiles(process), name))], name.Line, name.Column);
        return definition with { Root = root with { Entries = [.. root.Entries.Select(entry => entry.Key.Text is TargetKey ? entry with { Value = target } : entry)] } };
    }

    /// <summary>What is wrong within a target that was put in is told at its name.</summary>
    public static DefinitionProblem Named(DefinitionProblem problem, ScalarNode name) =>
        problem.Path.StartsWith($"{TargetKey}.{ProcessKey}", StringComparison.Ordinal)
            ? problem with { Path = $"{TargetKey}.{TemplateKey}", Message = $"'{name.Text}', {problem.Path[(TargetKey.Length + 1)..]}: {problem.Message}" }
            : problem;

    private static string FileOf(string name) => $"{Folder}{name}.yaml";

    private static DefinitionNode? Value(DefinitionNode node, string key) => (node as MappingNode)?.Find(key)?.Value;

    private static MappingNode WithFiles(MappingNode process) => process with
    {
        Entries = [.. process.Entries.Select(entry => entry is { Key.Text: FilesKey, Value: MappingNode written } ? entry with { Value = InFolder(written) } : entry)],
    };

    private static MappingNode InFolder(MappingNode files) => files with
    {
        Entries = [.. files.Entries.Select(entry => entry.Value is ScalarNode source ? entry with { Value = source with { Text = Folder + source.Text } } : entry)],
    };

    private static DefinitionNode Placed(DefinitionNode node, ScalarNode name) => node switch
    {
        ScalarNode scalar => scalar with { Line = name.Line, Column = name.Column },
        SequenceNode sequence => new SequenceNode([.. sequence.Items.Select(item => Placed(item, name))], name.Line, name.Column),
        MappingNode mapping => new MappingNode([.. mapping.Entries.Select(entry => new MappingEntry(At(name, entry.Key.Text), Placed(entry.Value, name)))], name.Line, name.Column),
        _ => throw new InvalidOperationException($"Unknown kind of node {node.GetType().Name}."),
    };

    private static ScalarNode At(ScalarNode name, string text) => new(text, Quoted: false, name.Line, name.Column);

    private static DefinitionProblem Problem(ScalarNode name, string message) => new(ProblemSeverity.Error, $"{TargetKey}.{TemplateKey}", name.Line, name.Column, message);
}
