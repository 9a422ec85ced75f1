using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Submitting;

/// <summary>Whether a sweep starts what a template says, with values that the template takes. Pure.</summary>
internal static class TemplateMatch
{
    /// <summary>Beyond so many values only their ends are looked at; what lies between is within the range, too.</summary>
    private const long MostValues = 10_000;

    /// <summary>Whether command, variables, files, working directory and replicas are the template's own.</summary>
    public static bool IsSame(Target.Process wanted, Target.Process template) =>
        Same(wanted.Command, template.Command, part => part.Text)
        && Same(wanted.Environment, template.Environment, pair => $"{pair.Key}={pair.Value.Text}")
        && Same(wanted.Files, template.Files, file => $"{file.Path}\n{file.Content.Text}")
        && string.Equals(wanted.WorkingDirectory, template.WorkingDirectory, StringComparison.Ordinal)
        && string.Equals(wanted.Replicas.Text, template.Replicas.Text, StringComparison.Ordinal);

    /// <summary>The first value of the parameter that the template does not take; null where it takes all.</summary>
    public static string? NotTaken(Parameter wanted, Parameter template)
    {
        var values = wanted switch
        {
            // A range within a range needs no look at what lies between its ends.
            IntegerParameter whole when template is IntegerParameter => [ParameterValue.Of(whole.Min), ParameterValue.Of(whole.Max)],
            RealParameter real when template is RealParameter => [ParameterValue.Of(real.Min), ParameterValue.Of(real.Max)],
            RealParameter { Step: null } => [],
            _ when wanted.GridSize() > MostValues => [],
            _ => wanted.Grid().ToList(),
        };
        return values.Count == 0 ? "a range of values" : values.Where(value => !Takes(template, value)).Select(value => value.Text).FirstOrDefault();
    }

    /// <summary>Steps and scales of the registered sweep are its own business; its bounds and its lists are the limit.</summary>
    public static bool Takes(Parameter template, ParameterValue value) => template switch
    {
        IntegerParameter whole => value.Number is { } number && number == Math.Floor(number) && number >= whole.Min && number <= whole.Max && IsPlain(value.Text),
        RealParameter real => value.Number is { } number && number >= real.Min && number <= real.Max && IsPlain(value.Text),
        CategoricalParameter listed => listed.Values.Contains(value),
        _ => false,
    };

    private static bool IsPlain(string text) => text.All(character => char.IsAsciiDigit(character) || character is '.' or '-' or '+' or 'e' or 'E');

    private static bool Same<T>(IReadOnlyList<T> first, IReadOnlyList<T> second, Func<T, string> text) =>
        first.Select(text).SequenceEqual(second.Select(text), StringComparer.Ordinal);
}
