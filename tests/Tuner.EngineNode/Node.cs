using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tuner.Local;
using Tuner.Service.Engine;
using Tuner.Service.Storage;

namespace Tuner.EngineNode;

/// <summary>The service's engine with simulated candidates.</summary>
public static class Node
{
    /// <summary>What a node prints once it looks for work.</summary>
    public const string Ready = "ready";

    public static async Task ServeAsync(NodeOptions options)
    {
        using var host = await BuildAsync(options);
        await host.StartAsync();
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync();
    }

    public static async Task<IHost> BuildAsync(NodeOptions options)
    {
        var database = await DatabaseChoice.OpenAsync(options.Database, new StateDirectory(options.State), CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddSingleton<ITrialRunners>(services =>
            new SimulatedRunners(services.GetRequiredService<ISweepStore>(), options.Trial, options.Children, TimeProvider.System));
        builder.Services.AddSweepEngine(database, new SweepEngineOptions
        {
            MaxSweeps = options.Sweeps,
            Lease = options.Lease,
            Margin = options.Lease * 0.4,
            Beat = options.Lease / 10,
            Poll = TimeSpan.FromMilliseconds(200),
            Local = new LocalOptions { StateDirectory = options.State },
        });
        builder.Services.AddSweepWorker();

        // On a busy machine a step that is being planned takes its time, and nothing may go on behind the end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(10));
        return builder.Build();
    }
}
