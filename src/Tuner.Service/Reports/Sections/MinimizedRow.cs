namespace Tuner.Service.Reports.Sections;

/// <summary>What is minimized where no price list tells it, so that each candidate's value is a measured one.</summary>
/// <param name="Label">As an axis names it: <c>USD per million requests</c>, or the name of a number that the target reports.</param>
/// <param name="Currency">Null for a number that the target reports.</param>
public sealed record MinimizedRow(string Label, string? Currency)
{
    /// <summary>A value with its currency, where it has one.</summary>
    public string Text(double? value) => (value, Currency) switch
    {
        (null, _) => Figures.None,
        ({ } number, null) => Figures.Significant(number, 3),
        ({ } number, { } currency) => Figures.Money((decimal)number, currency),
    };

    /// <summary>The value with what it is: <c>0.031 USD per million requests</c>, <c>joules of 12</c>.</summary>
    public string Words(double value) => Currency is { } currency ? $"{Text(value)}{Label[currency.Length..]}" : $"{Label} of {Text(value)}";
}
