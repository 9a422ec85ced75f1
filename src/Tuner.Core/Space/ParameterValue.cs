using System.Globalization;

namespace Tuner.Core.Space;

/// <summary>
/// One value of a parameter, kept as it was written: command lines and manifests are rendered from <see cref="Text"/>,
/// arithmetic uses <see cref="Number"/>. Two values are equal when their texts are.
/// </summary>
public readonly record struct ParameterValue
{
    private readonly string? text;

    private ParameterValue(string text, double? number)
    {
        this.text = text;
        Number = number;
    }

    public string Text => text ?? "";

    /// <summary>The value as a number, or null where the text is none.</summary>
    public double? Number { get; }

    public static ParameterValue Of(string text) =>
        new(text, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);

    public static ParameterValue Of(long number) => new(number.ToString(CultureInfo.InvariantCulture), number);

    public static ParameterValue Of(double number) => new(number.ToString("R", CultureInfo.InvariantCulture), number);

    public bool Equals(ParameterValue other) => string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
