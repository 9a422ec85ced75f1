namespace Tuner.Core.Definitions;

/// <summary>
/// Typed access to one object of a document that <see cref="ShapeCheck"/> has visited: a key that was left out gives its
/// default, one that was reported as malformed gives null and is not reported twice.
/// </summary>
internal sealed class Section
{
    private readonly ObjectShape shape;
    private readonly DefinitionNode? node;
    private readonly Place place;

    public Section(ObjectShape shape, DefinitionNode? node, Place place, ProblemList problems)
    {
        this.shape = shape;
        this.node = node;
        this.place = place;
        Problems = problems;
    }

    public ProblemList Problems { get; }

    public Place Here => place;

    /// <summary>Whether the object itself was written.</summary>
    public bool Exists => node is not null;

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Where the key's value stands, or where the object stands that could hold it.</summary>
    public Place At(string key) => Find(key) is { } found
        ? Place.Of(PathOf(key), found)
        : place with { Path = PathOf(key) };

    public void Error(string key, string message) => Problems.Error(At(key), message);

    public Section Sub(string key) => new((ObjectShape)ShapeOf(key), Find(key), At(key), Problems);

    public string? Text(string key) => Scalar(key, ScalarKind.Text, ScalarKind.Choice)?.Text;

    public long? Integer(string key) => Scalar(key, ScalarKind.Integer) is { } scalar && Quantities.TryInteger(scalar.Text, out var number, out _) ? number : null;

    public double? Number(string key) => Scalar(key, ScalarKind.Number) is { } scalar && Quantities.TryNumber(scalar.Text, out var number, out _) ? number : null;

    public bool? Flag(string key) => Scalar(key, ScalarKind.Boolean)?.Text switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };

    public TimeSpan? Duration(string key) => Scalar(key, ScalarKind.Duration) is { } scalar && Quantities.TryDuration(scalar.Text, out var duration, out _) ? duration : null;

    public double? Rate(string key) => Scalar(key, ScalarKind.Rate) is { } scalar && Quantities.TryRate(scalar.Text, out var rate, out _) ? rate : null;

    public double? Share(string key) => Scalar(key, ScalarKind.Share) is { } scalar && Quantities.TryShare(scalar.Text, out var share, out _) ? share : null;

    public Money? Money(string key) => Scalar(key, ScalarKind.Money) is { } scalar && Quantities.TryMoney(scalar.Text, out var money, out _) ? money : null;

    /// <summary>The values of a list, or of a map, that are single values and well formed.</summary>
    public IReadOnlyList<(string Key, ScalarNode Value, Place Place)> Scalars(string key)
    {
        var item = (ScalarShape)(ShapeOf(key) switch
        {
            ListShape list => list.Item,
            MapShape map => map.Value,
            _ => throw new InvalidOperationException($"'{key}' is no list or map."),
        });
        return [.. Children(key)
            .Where(child => child.Value is ScalarNode { IsEmpty: false } scalar && ScalarReading.Problem(item, scalar) is null)
            .Select(child => (child.Key, (ScalarNode)child.Value, Place.Of(child.Path, child.Value)))];
    }

    /// <summary>The objects of a list, or of a map by its keys.</summary>
    public IReadOnlyList<(string Key, Section Section)> Sections(string key)
    {
        var item = (ObjectShape)(ShapeOf(key) switch
        {
            ListShape list => list.Item,
            MapShape map => map.Value,
            _ => throw new InvalidOperationException($"'{key}' is no list or map."),
        });
        return [.. Children(key)
            .Where(child => child.Value is MappingNode || (child.Value is ScalarNode { IsEmpty: false } && item.Shorthand is not null))
            .Select(child => (child.Key, new Section(item, child.Value, Place.Of(child.Path, child.Value), Problems)))];
    }

    /// <summary>The mappings of a list of maps.</summary>
    public IReadOnlyList<(MappingNode Node, Place Place)> Mappings(string key) =>
        [.. Children(key).Where(child => child.Value is MappingNode).Select(child => ((MappingNode)child.Value, Place.Of(child.Path, child.Value)))];

    public DefinitionNode? Find(string key)
    {
        var known = ShapeOf(key);
        return node switch
        {
            MappingNode mapping => mapping.Find(key)?.Value,
            ScalarNode { IsEmpty: false } when string.Equals(shape.Shorthand, key, StringComparison.Ordinal) && known is ScalarShape => node,
            _ => null,
        };
    }

    private IEnumerable<(string Key, DefinitionNode Value, string Path)> Children(string key) => Find(key) switch
    {
        MappingNode mapping when ShapeOf(key) is MapShape => mapping.Entries.Select(entry => (entry.Key.Text, entry.Value, $"{PathOf(key)}.{entry.Key.Text}")),
        SequenceNode sequence when ShapeOf(key) is ListShape => sequence.Items.Select((item, index) => ("", item, $"{PathOf(key)}[{index}]")),
        _ => [],
    };

    private ScalarNode? Scalar(string key, params ReadOnlySpan<ScalarKind> kinds)
    {
        var known = (ScalarShape)ShapeOf(key);
        if (!kinds.Contains(known.Kind))
        {
            throw new InvalidOperationException($"'{PathOf(key)}' is of kind {known.Kind}.");
        }

        return Find(key) switch
        {
            null => known.Default is { } standard ? new ScalarNode(standard, false, 0, 0) : null,
            ScalarNode { IsEmpty: false } scalar when ScalarReading.Problem(known, scalar) is null => scalar,
            _ => null,
        };
    }

    private Shape ShapeOf(string key) => (shape.Find(key) ?? throw new InvalidOperationException($"'{PathOf(key)}' is no key of the format.")).Shape;

    private string PathOf(string key) =>
        node is ScalarNode && shape.Shorthand == key ? place.Path
        : place.Path.Length == 0 ? key : $"{place.Path}.{key}";
}
