using Tuner.Core.Search;
using Tuner.Core.Sweeps;

namespace Tuner.Service.Reports.Sections;

/// <summary>What is minimized where no price list tells it, so that each candidate's value is a measured one.</summary>
/// <param name="Label">As an axis names it: <c>USD per million requests</c>, or the name of a number that the target reports.</param>
/// <param name="Currency">Null for a number that the target reports.</param>
public sealed record MinimizedRow(string Label, string? Currency)
{
    /// <summary>Null where the price tells what is minimized.</summary>
    public static MinimizedRow? Of(Sweep sweep) => sweep.ObjectiveBasis() switch
    {
        ObjectiveBasis.Known => null,
        ObjectiveBasis.MeasuredPerPrice => new MinimizedRow($"{sweep.Cost.Currency} per million requests", sweep.Cost.Currency),
        _ => new MinimizedRow(sweep.Minimized!, null),
    };

    /// <summary>What a candidate costs in the words of what is minimized: <c>0.0247 USD per hour</c>, <c>0.031 USD per million requests</c>.</summary>
    public static string Cost(MinimizedRow? minimized, string currency, decimal? perHour, double? objective) => (minimized, objective) switch
    {
        (null, _) => $"{Figures.Money(perHour, currency)} per hour",
        ({ } what, { } value) => what.Words(value),
        ({ } what, null) => $"unknown {what.Label}",
    };

    /// <summary>The title of a column of costs.</summary>
    public static string Title(MinimizedRow? minimized) => minimized?.Label ?? "per hour";

    /// <summary>A cost in such a column.</summary>
    public static string Cell(MinimizedRow? minimized, string currency, decimal? perHour, double? objective) => minimized?.Text(objective) ?? Figures.Money(perHour, currency);

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
