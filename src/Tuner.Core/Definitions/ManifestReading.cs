using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>
/// Reads a file of Kubernetes objects with placeholders. They are put in after the YAML was read, so that no value can
/// change the structure around it; until then each is one word in brackets that YAML gives no meaning to.
/// </summary>
internal static partial class ManifestReading
{
    private const char Open = '\u27e6';
    private const char Close = '\u27e7';

    /// <summary>The file's documents; problems are reported at <paramref name="place"/>, with the manifest's own lines.</summary>
    public static ImmutableArray<ManifestDocument> Read(string file, Place place, SweepInputs inputs, string[] known, ProblemList problems)
    {
        var content = inputs.Files.Read(file);
        if (content.Problem is { } problem)
        {
            problems.Error(place, problem);
            return [];
        }

        var documents = ImmutableArray.CreateBuilder<ManifestDocument>();
        var text = Encoding.UTF8.GetString(content.Bytes.Span).TrimStart('\ufeff').ReplaceLineEndings("\n");
        foreach (var (line, part) in Parts(text))
        {
            if (part.Split('\n').All(row => row.TrimStart() is "" or ['#', ..]))
            {
                continue;
            }

            var tree = inputs.Syntax(Placeholder().Replace(part, match => $"{Open}{match.Groups["name"].Value}{Close}"));
            foreach (var found in tree.Problems.Where(found => found.IsError))
            {
                problems.Error(place, $"{file}:{line + found.Line}: {(found.Path.Length > 0 ? $"{Restored(found.Path)}: " : "")}{Restored(found.Message)}");
            }

            foreach (var name in Template.Parse(part).Names.Distinct(StringComparer.Ordinal).Where(name => !known.Contains(name, StringComparer.Ordinal)))
            {
                var at = line + 1 + part.AsSpan(0, Math.Max(0, part.IndexOf(name, StringComparison.Ordinal))).Count('\n');
                problems.Error(place, $"{file}:{at}: '{{{{{name}}}}}' is not known. {Spelling.Hint(name, known)}");
            }

            if (tree.Root is MappingNode root && !tree.Problems.Any(found => found.IsError))
            {
                documents.Add(new ManifestDocument((MappingNode)WithPlaceholders(root, line), part, file));
            }
            else if (tree.Root is not null and not MappingNode)
            {
                problems.Error(place, $"{file}:{line + 1}: is no Kubernetes object. Write keys such as apiVersion, kind and metadata.");
            }
        }

        if (documents.Count == 0 && !problems.HasErrors)
        {
            problems.Error(place, $"'{file}' holds no Kubernetes object.");
        }

        return documents.ToImmutable();
    }

    /// <summary>The documents with the number of lines before each.</summary>
    private static IEnumerable<(int Line, string Text)> Parts(string text)
    {
        var start = 0;
        var part = new StringBuilder();
        foreach (var (number, row) in text.Split('\n').Index())
        {
            if (Separator().IsMatch(row))
            {
                yield return (start, part.ToString());
                part.Clear();
                start = number + 1;
                continue;
            }

            part.Append(row).Append('\n');
        }

        yield return (start, part.ToString());
    }

    private static DefinitionNode WithPlaceholders(DefinitionNode node, int line) => node switch
    {
        ScalarNode scalar => scalar with { Text = Restored(scalar.Text), Line = scalar.Line + line },
        SequenceNode sequence => sequence with { Items = [.. sequence.Items.Select(item => WithPlaceholders(item, line))], Line = sequence.Line + line },
        MappingNode mapping => mapping with
        {
            Entries = [.. mapping.Entries.Select(entry => new MappingEntry((ScalarNode)WithPlaceholders(entry.Key, line), WithPlaceholders(entry.Value, line)))],
            Line = mapping.Line + line,
        },
        _ => node,
    };

    private static string Restored(string text) =>
        text.Replace($"{Open}", "{{", StringComparison.Ordinal).Replace($"{Close}", "}}", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\{\s*(?<name>[^{}\n]*?)\s*\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^---(\s.*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Separator();
}
