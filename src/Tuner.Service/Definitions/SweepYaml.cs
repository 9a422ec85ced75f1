using System.Collections.Immutable;
using System.Text;
using Tuner.Core.Definitions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Tuner.Service.Definitions;

/// <summary>
/// Reads YAML, and JSON as the part of YAML that it is, into a tree that knows its places. Takes the plain part of YAML
/// only: no anchors, aliases, tags or second documents. Never throws on any text.
/// </summary>
public static class SweepYaml
{
    public const int MaxCharacters = 1024 * 1024;
    private const int MaxDepth = 40;
    private const int MaxNodes = 100_000;

    /// <summary>What the user wrote, or why it is no document.</summary>
    public static (SweepDefinition? Definition, ImmutableArray<DefinitionProblem> Problems) Read(string text, string fileName)
    {
        var tree = ReadTree(text);
        return (tree.Root is { } root ? new SweepDefinition(root, fileName) : null, tree.Problems);
    }

    /// <summary>The document as a tree; no root where it could not be read to its end.</summary>
    public static DefinitionTree ReadTree(string text)
    {
        var problems = new ProblemList();
        if (text.Length > MaxCharacters)
        {
            return Failed(problems, 0, 0, $"the file has {text.Length:N0} characters, more than {MaxCharacters:N0}. Move bodies into files of their own.");
        }

        if (text.IndexOf('\0') is var zero and >= 0)
        {
            return Failed(problems, text.AsSpan(0, zero).Count('\n') + 1, 0, "the file is not text. Save it as UTF-8.");
        }

        try
        {
            var parser = new Parser(new StringReader(JsonSafe(text)));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return Failed(problems, 1, 1, "the file is empty.");
            }

            var nodes = 0;
            var root = Node(parser, "", 0, ref nodes, problems);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second))
            {
                return Failed(problems, (int)second.Start.Line, (int)second.Start.Column, "a second document begins here. One file holds one document.");
            }

            return new DefinitionTree(root, problems.InOrder());
        }
        catch (YamlException exception)
        {
            return TabbedLine(text) is var tabbed and > 0 && exception.Message.Contains("tab", StringComparison.OrdinalIgnoreCase)
                ? Failed(problems, tabbed, 1, "the line is indented with a tab, and YAML wants spaces. Replace the tab.")
                : Failed(problems, (int)exception.Start.Line, (int)exception.Start.Column, Cure(exception, text));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser lets some malformed escapes through as exceptions of the base library.
            return Failed(problems, 0, 0, $"the file is no valid YAML: {exception.Message}");
        }
    }

    private static DefinitionNode Node(Parser parser, string path, int depth, ref int nodes, ProblemList problems)
    {
        var next = parser.Current as ParsingEvent ?? throw new InvalidOperationException("the document ends too early.");
        if (depth > MaxDepth || ++nodes > MaxNodes)
        {
            throw new YamlException(next.Start, next.End, depth > MaxDepth ? $"nested deeper than {MaxDepth} levels." : $"more than {MaxNodes:N0} values.");
        }

        if (next is NodeEvent node && (!node.Anchor.IsEmpty || (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)))
        {
            problems.Error(At(path, node), node.Anchor.IsEmpty
                ? $"the tag '{node.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal)}' is not supported. Write the value without it."
                : $"the anchor '&{node.Anchor}' is not supported. Write the value out at each place.");
        }

        switch (next)
        {
            case AnchorAlias alias:
                parser.MoveNext();
                problems.Error(At(path, alias), $"the alias '*{alias.Value}' is not supported. Write the value out.");
                return new ScalarNode("", false, (int)alias.Start.Line, (int)alias.Start.Column);
            case Scalar scalar:
                parser.MoveNext();
                return Value(scalar);
            case SequenceStart sequence:
                parser.MoveNext();
                var items = ImmutableArray.CreateBuilder<DefinitionNode>();
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    items.Add(Node(parser, $"{path}[{items.Count}]", depth + 1, ref nodes, problems));
                }

                return new SequenceNode(items.ToImmutable(), (int)sequence.Start.Line, (int)sequence.Start.Column);
            case MappingStart:
                return Mapping(parser, path, depth, ref nodes, problems);
            default:
                throw new YamlException(next.Start, next.End, "a value is missing here.");
        }
    }

    private static MappingNode Mapping(Parser parser, string path, int depth, ref int nodes, ProblemList problems)
    {
        var start = parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<MappingEntry>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.Accept<Scalar>(out var written))
            {
                // A list or mapping as a key: what {{name}} without quotes turns into.
                problems.Error(At(path, start), "a key must be a single word. Put text with braces in quotes: \"{{name}}\".");
                _ = Node(parser, path, depth + 1, ref nodes, problems);
                _ = Node(parser, path, depth + 1, ref nodes, problems);
                continue;
            }

            var key = (ScalarNode)Node(parser, path, depth + 1, ref nodes, problems);
            var inner = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
            var value = Node(parser, inner, depth + 1, ref nodes, problems);
            if (seen.TryGetValue(key.Text, out var first))
            {
                problems.Error(At(inner, written), $"is written twice, first on line {first}. Keep one of them.");
                continue;
            }

            seen.Add(key.Text, key.Line);
            entries.Add(new MappingEntry(key, value));
        }

        return new MappingNode(entries.ToImmutable(), (int)start.Start.Line, (int)start.Start.Column);
    }

    private static ScalarNode Value(Scalar scalar) =>
        new(scalar.Value, scalar.Style is not ScalarStyle.Plain, (int)scalar.Start.Line, (int)scalar.Start.Column);

    private static Place At(string path, ParsingEvent node) => new(path, (int)node.Start.Line, (int)node.Start.Column);

    private static DefinitionTree Failed(ProblemList problems, int line, int column, string message)
    {
        problems.Error(new Place("", line, column), message);
        return new DefinitionTree(null, problems.InOrder());
    }

    // JSON may be indented with tabs, and inside its strings a tab is not allowed: a space keeps every place.
    private static string JsonSafe(string text) => text.AsSpan().TrimStart() is ['{', ..] ? text.Replace('\t', ' ') : text;

    private static string Cure(YamlException exception, string text)
    {
        var line = Line(text, (int)exception.Start.Line);
        var message = exception.Message.TrimEnd('.').Replace("  ", " ", StringComparison.Ordinal);
        var plain = new StringBuilder(message.Length).Append(char.ToLowerInvariant(message.Length > 0 ? message[0] : ' ')).Append(message.AsSpan(Math.Min(1, message.Length)));
        return line.Contains("{{", StringComparison.Ordinal) && !line.Contains("\"{{", StringComparison.Ordinal)
            ? $"the line cannot be read: {plain}. Put text with braces in quotes: \"{{{{name}}}}\"."
            : $"the line cannot be read: {plain}.";
    }

    private static int TabbedLine(string text) =>
        Array.FindIndex(text.Split('\n'), line => line.AsSpan().TrimStart(' ') is ['\t', ..]) + 1;

    private static string Line(string text, int number)
    {
        var lines = text.Split('\n');
        return number >= 1 && number <= lines.Length ? lines[number - 1] : "";
    }
}
