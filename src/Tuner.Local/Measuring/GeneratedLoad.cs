using Tuner.Core.Measurements;
using Tuner.Core.Trials;
using Tuner.Load;

namespace Tuner.Local.Measuring;

/// <summary>The real load: sent by this process, on the generator's cores.</summary>
internal sealed class GeneratedLoad(LocalOptions options) : ILoadRunner
{
    public Task<Measurement> RunAsync(LoadOrder order, CancellationToken cancellationToken) =>
        new LoadGenerator(options.Time).RunAsync(
            order.Profile,
            order.Endpoints,
            new LoadOptions
            {
                Warmup = order.Sweep.Measurement.Warmup,

                // Every trial draws its own arrivals: repeats of one candidate must differ by chance as real traffic does.
                Seed = ((ulong)(uint)order.Sweep.Search.Seed << 32) | (uint)order.Trial.Number,
                Cpus = order.IsLocal ? options.Machine.GeneratorCores : [],
                RaisePriority = order.IsLocal,
                Protection = order.Protection,
                MayConnect = order.IsLocal ? null : options.MayLoad,
                Progress = glimpse => order.Progress(new TrialProgress(
                    glimpse.Phase is { } phase ? $"phase {phase}" : "warming up",
                    glimpse.Share,
                    glimpse.RatePerSecond,
                    glimpse.P99,
                    glimpse.Errors)),
                EndEarly = order.Sweep.Measurement.EarlyAbort ? options.EndEarly?.Invoke(order.Sweep, order.Trial) : null,
            },
            cancellationToken);
}
