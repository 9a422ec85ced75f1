using System.CommandLine;
using Tuner.Core.Definitions;

namespace Tuner.Cli.Loading;

/// <summary>The words that were given, read as what they mean; what cannot be read is a problem and a harmless value, so that all problems are found at once.</summary>
internal sealed class GivenValues(ParseResult line)
{
    private readonly List<string> problems = [];

    public IReadOnlyList<string> Problems => problems;

    public void Add(string problem)
    {
        if (!problems.Contains(problem))
        {
            problems.Add(problem);
        }
    }

    public T? Of<T>(Option<T> option) => line.GetValue(option);

    public T? Of<T>(Argument<T> argument) => line.GetValue(argument);

    public TimeSpan Duration(Option<string> option)
    {
        var text = Of(option)!;
        if (Quantities.TryDuration(text, out var duration, out var problem))
        {
            return duration;
        }

        Add($"{option.Name}: {problem}");
        return TimeSpan.FromSeconds(1);
    }

    public string OneOf(Option<string> option, params string[] choices)
    {
        var given = Of(option)!;
        if (choices.Contains(given))
        {
            return given;
        }

        Add($"{option.Name}: '{given}' is unknown. Use one of {string.Join(", ", choices)}.");
        return choices[0];
    }

    public byte[]? ReadFile(string option, string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Add($"{option}: {file} cannot be read: {exception.Message}");
            return null;
        }
    }
}
