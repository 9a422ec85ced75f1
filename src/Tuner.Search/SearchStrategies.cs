using Tuner.Core.Search;
using Tuner.Search.Baselines;
using Tuner.Search.Bayesian;

namespace Tuner.Search;

/// <summary>The strategies by the names that a sweep uses for them.</summary>
public static class SearchStrategies
{
    /// <summary>One instance of each; they hold no state but caches that can be rebuilt.</summary>
    public static IReadOnlyList<ISearchStrategy> All { get; } =
        [new GridStrategy(), new RandomStrategy(), new SobolStrategy(), new ListStrategy(), new BayesianStrategy()];

    /// <summary>The strategy of that name, or null.</summary>
    public static ISearchStrategy? Find(string name) =>
        All.FirstOrDefault(strategy => string.Equals(strategy.Name, name, StringComparison.OrdinalIgnoreCase));
}
