using System.Collections.Immutable;
using System.Text;

namespace Tuner.Core.Sweeps;

/// <summary>
/// Text with <c>{{name}}</c> placeholders. A value is put in as it is; nothing inside a value is expanded again, and the
/// result stays one argument.
/// </summary>
public sealed record Template
{
    private Template(string text, ImmutableArray<string> names)
    {
        Text = text;
        Names = names;
    }

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>The placeholders' names, in order of appearance.</summary>
    public ImmutableArray<string> Names { get; }

    public static Template Parse(string text)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        Walk(text, _ => { }, names.Add);
        return new Template(text, names.ToImmutable());
    }

    /// <exception cref="KeyNotFoundException">A placeholder has no value.</exception>
    public string Render(Func<string, string?> lookup)
    {
        var result = new StringBuilder();
        Walk(
            Text,
            literal => result.Append(literal),
            name => result.Append(lookup(name) ?? throw new KeyNotFoundException($"'{{{{{name}}}}}' in '{Text}' has no value.")));
        return result.ToString();
    }

    public override string ToString() => Text;

    private static void Walk(string text, Action<string> literal, Action<string> placeholder)
    {
        var position = 0;
        while (position < text.Length)
        {
            var open = text.IndexOf("{{", position, StringComparison.Ordinal);
            var close = open < 0 ? -1 : text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                literal(text[position..]);
                return;
            }

            literal(text[position..open]);
            placeholder(text[(open + 2)..close].Trim());
            position = close + 2;
        }
    }
}
