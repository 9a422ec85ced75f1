using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tuner.Core.Gate;
using Tuner.Service.Access;
using Tuner.Service.Engine.Progress;
using Tuner.Service.Gate;
using Tuner.Service.Schedules;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Service.Engine;

/// <summary>Registers the engine.</summary>
public static class SweepEngineServices
{
    /// <summary>The engine's parts over a database that is open; nothing runs by itself.</summary>
    public static IServiceCollection AddSweepEngine(this IServiceCollection services, Database database, SweepEngineOptions options)
    {
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddSingleton(options);
        services.AddSingleton(new SweepStores(database));
        services.AddSingleton(provider => provider.GetRequiredService<SweepStores>().Sweeps);
        services.AddSingleton(provider => provider.GetRequiredService<SweepStores>().Claims);
        services.AddSingleton(provider => provider.GetRequiredService<SweepStores>().Slots);
        services.AddSingleton(provider => provider.GetRequiredService<SweepStores>().Gate);
        services.TryAddSingleton(new GatePlan());
        services.AddSingleton<NightlyGate>();
        services.TryAddSingleton<IStoredAdmission, OwnSweeps>();
        services.TryAddSingleton<ITrialRunners, TrialRunners>();
        services.AddSingleton<ProgressBus>();
        services.AddSingleton<SweepPreparation>();
        services.AddSingleton<LeaseBeat>();
        services.AddSingleton<SweepRuns>();
        services.AddSingleton<SweepIntake>();
        services.AddSingleton<SweepControl>();
        services.TryAddSingleton(SecretSeal.Of(database, new StateDirectory(options.Local.StateDirectory), Environment.GetEnvironmentVariable(SecretSeal.Variable)));
        services.AddSchedules();
        return services;
    }

    /// <summary>Lets the host claim queued sweeps and work on them.</summary>
    public static IServiceCollection AddSweepWorker(this IServiceCollection services)
    {
        services.AddHostedService<SweepWorker>();
        return services;
    }
}
