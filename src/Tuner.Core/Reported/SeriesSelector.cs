using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Tuner.Core.Reported;

/// <summary>
/// Which series of a Prometheus text answer count: a name, and labels that must have these values, as in
/// <c>queue_depth{model="digits"}</c>. Labels that are not named may have any value.
/// </summary>
public sealed partial record SeriesSelector
{
    private readonly ImmutableSortedDictionary<string, string> labels;

    private SeriesSelector(string text, string name, ImmutableSortedDictionary<string, string> labels) => (Text, Name, this.labels) = (text, name, labels);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public string Name { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out SeriesSelector? selector)
    {
        var match = Series().Match(text.Trim());
        selector = match.Success && match.Groups["value"].Length == 0 ? new SeriesSelector(text.Trim(), match.Groups["name"].Value, Labels(match)) : null;
        return selector is not null;
    }

    public bool Equals(SeriesSelector? other) => other is not null && Name == other.Name && labels.SequenceEqual(other.labels);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    internal (IReadOnlyList<double> Values, string? Problem) Read(string answer)
    {
        var values = new List<double>();
        foreach (var line in answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '#' && line.StartsWith(Name, StringComparison.Ordinal) && Series().Match(line) is { Success: true } match && Selects(match)
                && double.TryParse(match.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            {
                values.Add(value);
            }
        }

        return values.Count > 0 ? (values, null) : ([], $"no series of the answer is {Text}");
    }

    private bool Selects(Match series)
    {
        var has = Labels(series);
        return series.Groups["name"].Value == Name && labels.All(label => has.TryGetValue(label.Key, out var value) && value == label.Value);
    }

    private static ImmutableSortedDictionary<string, string> Labels(Match series) => series.Groups["label"].Captures
        .Zip(series.Groups["text"].Captures)
        .DistinctBy(pair => pair.First.Value, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(pair => pair.First.Value, pair => Plain(pair.Second.Value), StringComparer.Ordinal);

    private static string Plain(string escaped) => Escapes().Replace(escaped, match => match.Value is "\\n" ? "\n" : match.Value[1..]);

    // Name, labels, value and, in an answer, a time that nobody needs.
    [GeneratedRegex("""^(?<name>[A-Za-z_:][A-Za-z0-9_:]*) *(?:\{ *(?:(?<label>[A-Za-z_][A-Za-z0-9_]*) *= *"(?<text>(?:[^"\\]|\\.)*)" *(?:, *|(?=\})))*\})?(?: *(?<value>[0-9.eE+-]+)(?: +[0-9]+)?)?\z""", RegexOptions.ExplicitCapture)]
    private static partial Regex Series();

    [GeneratedRegex("""\\.""")]
    private static partial Regex Escapes();
}
