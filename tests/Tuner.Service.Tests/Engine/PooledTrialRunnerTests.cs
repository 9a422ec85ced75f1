using Microsoft.Extensions.Logging.Abstractions;
using Tuner.Service.Engine;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Telemetry;

namespace Tuner.Service.Tests.Engine;

public sealed class PooledTrialRunnerTests : SweepExecutorScene
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_stands_around_a_runner_picks_up_as_it_does(bool picksUp)
    {
        var (stores, _) = await SubmitAsync($"around-{picksUp}");
        var inner = new ScriptedRunner(ThreeWorkersAreEnough) { PicksUp = picksUp };
        var claim = (await stores.Claims.ClaimAsync(Id, "node", TimeSpan.FromMinutes(1), default))!;
        using var meter = new TunerMeter();
        using var spans = new SweepSpans(new ProgressBus(), meter, NullLogger<SweepSpans>.Instance);
        var observed = new ObservedRunner(inner, spans, meter, NullLogger<ObservedRunner>.Instance);

        Assert.Equal(picksUp, new PooledTrialRunner(observed, stores.Slots, stores.Database, "pool", claim, TimeProvider.System).PicksUp);
    }
}
