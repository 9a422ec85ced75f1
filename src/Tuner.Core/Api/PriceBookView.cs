namespace Tuner.Core.Api;

/// <summary>A price book that sweeps may name under <c>cost.prices</c>.</summary>
/// <param name="Shipped">True for the one that comes with Tuner, which counts where a sweep names none.</param>
/// <param name="Instances">How many prices it holds.</param>
public sealed record PriceBookView(string Name, string Currency, DateOnly? Date, string? Source, int Instances, bool Shipped);
