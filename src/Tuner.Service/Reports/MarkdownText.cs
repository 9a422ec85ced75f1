using System.Text;

namespace Tuner.Service.Reports;

/// <summary>Text within Markdown that says what it says and marks nothing up, mentions nobody and breaks no table.</summary>
internal static class MarkdownText
{
    public static string Plain(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        var line = text.ReplaceLineEndings(" ");
        for (var index = 0; index < line.Length; index++)
        {
            var character = line[index];
            _ = character switch
            {
                '&' => result.Append("&amp;"),
                '<' when line[(index + 1)..] is not [' ' or '=', ..] => result.Append("&lt;"),
                '@' => result.Append("&#64;"),
                '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' => result.Append('\\').Append(character),
                _ => result.Append(character),
            };
        }

        return result.ToString();
    }

    public static string Code(string text) => text.Contains('`', StringComparison.Ordinal)
        ? Plain(text)
        : $"`{text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)}`";
}
