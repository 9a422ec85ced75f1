namespace Tuner.Service.Reports.Sections;

/// <summary>One measured phase of the load by itself: how many candidates meet every SLO in it, and the cheapest of them.</summary>
public sealed record LoadMetRow(string Phase, double? RatePerSecond, int Met, int Measured, string? Key, decimal? CostPerHour);
