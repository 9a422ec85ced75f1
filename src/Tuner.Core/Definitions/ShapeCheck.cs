namespace Tuner.Core.Definitions;

/// <summary>
/// The strict check of a document against its shape: unknown keys, missing keys, wrong kinds, bad units. Everything that
/// can be said without knowing what the values mean.
/// </summary>
public static class ShapeCheck
{
    public static void Check(ObjectShape root, DefinitionNode node, ProblemList problems) => Visit(root, node, "", root, problems);

    private static void Visit(Shape shape, DefinitionNode node, string path, ObjectShape root, ProblemList problems)
    {
        if (node is ScalarNode { IsEmpty: true } && shape is not AnyShape)
        {
            problems.Error(Place.Of(path, node), path.Length == 0 ? "the file is empty." : "has no value. Write one, or remove the key.");
            return;
        }

        switch (shape, node)
        {
            case (AnyShape, _):
                break;
            case (ScalarShape scalar, ScalarNode value):
                if (ScalarReading.Problem(scalar, value) is { } problem)
                {
                    problems.Error(Place.Of(path, node), problem);
                }

                break;
            case (ListShape list, SequenceNode sequence):
                Items(list, sequence, path, root, problems);
                break;
            case (MapShape map, MappingNode mapping):
                foreach (var entry in mapping.Entries)
                {
                    Visit(map.Value, entry.Value, Join(path, entry.Key.Text), root, problems);
                }

                break;
            case (ObjectShape, MappingNode mapping):
                Keys((ObjectShape)shape, mapping, path, root, problems);
                break;
            case (ObjectShape { Shorthand: { } shorthand } known, ScalarNode):
                Visit(known.Find(shorthand)!.Shape, node, path, root, problems);
                break;
            default:
                problems.Error(Place.Of(path, node), WrongKind(shape, node));
                break;
        }
    }

    private static void Items(ListShape list, SequenceNode sequence, string path, ObjectShape root, ProblemList problems)
    {
        if (sequence.Items.IsEmpty)
        {
            problems.Error(Place.Of(path, sequence), "is an empty list. List at least one item, or remove the key.");
        }

        for (var index = 0; index < sequence.Items.Length; index++)
        {
            Visit(list.Item, sequence.Items[index], $"{path}[{index}]", root, problems);
        }
    }

    private static void Keys(ObjectShape shape, MappingNode mapping, string path, ObjectShape root, ProblemList problems)
    {
        foreach (var entry in mapping.Entries)
        {
            if (shape.Find(entry.Key.Text) is { } known)
            {
                Visit(known.Shape, entry.Value, Join(path, known.Name), root, problems);
            }
            else
            {
                problems.Error(Place.Of(Join(path, entry.Key.Text), entry.Key), Unknown(shape, entry.Key.Text, path, root));
            }
        }

        foreach (var missing in shape.Keys.Where(key => key.Required && mapping.Find(key.Name) is null))
        {
            problems.Error(Place.Of(Join(path, missing.Name), mapping), $"is missing. {missing.About}");
        }

        var given = shape.ExactlyOneOf.Where(key => mapping.Find(key) is not null).ToArray();
        if (!shape.ExactlyOneOf.IsEmpty && given.Length != 1)
        {
            problems.Error(
                Place.Of(path, mapping),
                given.Length == 0
                    ? $"needs one of {string.Join(", ", shape.ExactlyOneOf)}."
                    : $"has {string.Join(" and ", given)}. Keep exactly one of them.");
        }
    }

    private static string Unknown(ObjectShape shape, string key, string path, ObjectShape root)
    {
        var where = path.Length == 0 ? "the top level" : $"'{path}'";
        var names = shape.Keys.Select(known => known.Name).ToArray();
        if (Spelling.Nearest(key, names) is { } nearest)
        {
            return $"is not a key of {where}. Did you mean '{nearest}'?";
        }

        var elsewhere = Homes(root, "", key).Where(home => home != path).Distinct(StringComparer.Ordinal).ToArray();
        return elsewhere.Length is 1
            ? $"is not a key of {where}. It belongs {(elsewhere[0].Length == 0 ? "at the top level" : $"in '{elsewhere[0]}'")}."
            : $"is not a key of {where}. {Spelling.Hint(key, names)}";
    }

    /// <summary>The paths of all objects that know the key.</summary>
    private static IEnumerable<string> Homes(Shape shape, string path, string key) => shape switch
    {
        ObjectShape known => (known.Find(key) is null ? [] : new[] { path })
            .Concat(known.Keys.SelectMany(child => Homes(child.Shape, Join(path, child.Name), key))),
        ListShape list => Homes(list.Item, path + "[]", key),
        MapShape map => Homes(map.Value, Join(path, "*"), key),
        _ => [],
    };

    private static string WrongKind(Shape shape, DefinitionNode node)
    {
        var found = node switch
        {
            ScalarNode scalar => $"'{Shorten(scalar.Text)}' is a single value",
            SequenceNode => "is a list",
            _ => "is a mapping of keys",
        };
        var wanted = shape switch
        {
            ListShape { Words: true } when node is ScalarNode scalar => $"a list is wanted here. Write [{string.Join(", ", Shorten(scalar.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries))}]",
            ListShape when node is ScalarNode scalar => $"a list is wanted here. Write [{Shorten(scalar.Text)}]",
            ListShape => "a list is wanted here. Write [item, item] or one item a line after '- '",
            ObjectShape known => $"keys are wanted here: {Spelling.List([.. known.Keys.Select(key => key.Name)])}",
            MapShape => "keys with values are wanted here. Write name: value, one a line",
            _ when node is MappingNode mapping && mapping.Entries.Any(entry => entry.Value is ScalarNode { IsEmpty: true }) => "a single value is wanted here. Put text with braces in quotes: \"{{name}}\"",
            _ => "a single value is wanted here",
        };
        return $"{found}, {wanted}.";
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
