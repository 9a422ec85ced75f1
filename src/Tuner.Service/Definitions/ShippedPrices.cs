namespace Tuner.Service.Definitions;

/// <summary>The price book that counts where a sweep names none: its name and text.</summary>
public sealed record ShippedPrices(string Name, string Text)
{
    /// <summary>The one that travels with the command.</summary>
    /// <exception cref="FileNotFoundException">The installation is incomplete.</exception>
    public static ShippedPrices Load() => new("prices.yaml", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "prices.yaml")));
}
