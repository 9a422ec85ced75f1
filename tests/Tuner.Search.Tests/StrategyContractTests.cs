using Tuner.Core.Search;
using Tuner.Search.Baselines;
using Tuner.Search.Bayesian;
using Tuner.Testing;

namespace Tuner.Search.Tests;

public sealed class GridStrategyTests : SearchStrategyContract
{
    protected override ISearchStrategy Strategy { get; } = new GridStrategy();
}

public sealed class RandomStrategyTests : SearchStrategyContract
{
    protected override ISearchStrategy Strategy { get; } = new RandomStrategy();
}

public sealed class SobolStrategyTests : SearchStrategyContract
{
    protected override ISearchStrategy Strategy { get; } = new SobolStrategy();
}

public sealed class ListStrategyTests : SearchStrategyContract
{
    protected override ISearchStrategy Strategy { get; } = new ListStrategy();

    protected override bool NeedsList => true;
}

public sealed class BayesianStrategyTests : SearchStrategyContract
{
    protected override ISearchStrategy Strategy { get; } = new BayesianStrategy();
}
