namespace Tuner.Cli;

/// <summary>A text as lines of a width, in characters: broken between words, and within one only where it is longer than a line.</summary>
internal static class WrappedText
{
    /// <summary>At least one line; of a text that takes more than <paramref name="most"/>, the last one ends with an ellipsis.</summary>
    public static IEnumerable<string> Lines(string text, int width, int most = int.MaxValue)
    {
        var rest = text.ReplaceLineEndings(" ").Trim();
        for (var line = 1; line < most && rest.Length > width; line++)
        {
            var space = rest.LastIndexOf(' ', width);
            var end = space > 0 ? space : width;
            yield return rest[..end].TrimEnd();
            rest = rest[end..].TrimStart();
        }

        yield return Cut(rest, width);
    }

    /// <summary>The text on one line, with an ellipsis for what does not fit.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : $"{text[..(width - 1)]}…";
}
