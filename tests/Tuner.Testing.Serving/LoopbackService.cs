using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Local;
using Tuner.Service.Access;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Hosting;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Testing.Serving;

/// <summary>The whole service on a loopback port of its own, with a folder of its own; only trials are not run for real.</summary>
public sealed class LoopbackService : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly WebApplication served;
    private readonly string place;

    private LoopbackService(WebApplication app, string folder, Database database) => (served, place, Database) = (app, folder, database);

    public Database Database { get; }

    public Uri Url => new(served.Urls.First());

    public IServiceProvider Services => served.Services;

    /// <param name="target">What submitted sweeps may start; null for nothing.</param>
    /// <param name="prepare">Fills the database before the service looks at it.</param>
    /// <param name="more">Registers what shall take the place of a part.</param>
    /// <param name="time">The clock of the service and its database; null for the machine's.</param>
    public static async Task<LoopbackService> StartAsync(
        ITrialRunner runner,
        SubmittedSweep? target = null,
        Func<ServiceOptions, ServiceOptions>? change = null,
        Func<Database, Task>? prepare = null,
        Action<IServiceCollection>? more = null,
        TimeProvider? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("tuner-served-").FullName;
        var database = await SqliteDatabase.OpenAsync(Path.Combine(folder, "tuner.db"), CancellationToken.None, time);
        if (target is not null)
        {
            var reading = SweepFile.Submitted(target.FileName, target.Definition, "/srv/model", new SubmittedFiles(target.Files), ShippedPrices.Load());
            await new TargetTemplateStore(database).PutAsync(reading.Sweep!.Name, reading.Submission!, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }

        await (prepare?.Invoke(database) ?? Task.CompletedTask);
        var options = new ServiceOptions
        {
            Database = database,
            Engine = new SweepEngineOptions { Local = new LocalOptions { StateDirectory = folder }, Beat = Beat, Poll = Beat },
            Listen = new ListenAddress(IPAddress.Loopback, 0),
        };
        var app = ServiceHost.Build(change?.Invoke(options) ?? options, services =>
        {
            services.AddSingleton(time ?? TimeProvider.System);
            services.AddSingleton<ITrialRunners>(new OneRunner(runner));
            more?.Invoke(services);
        });
        await app.StartAsync();
        return new LoopbackService(app, folder, database);
    }

    /// <summary>A key of the service, made as its operator would.</summary>
    public async Task<string> MakeKeyAsync(KeyRole role, params string[] projects)
    {
        var (key, secret) = ApiKey.Create(new NewKey($"{role} of {string.Join(' ', projects)}", role, [.. projects]), TimeProvider.System.GetUtcNow());
        await new KeyStore(Database).AddAsync(key, CancellationToken.None);
        return secret;
    }

    /// <summary>Stops it as Ctrl-C would.</summary>
    public Task StopAsync() => served.StopAsync();

    public async ValueTask DisposeAsync()
    {
        // Stopped before it is taken apart: its scheduler would go on without the folder.
        await served.StopAsync();
        await served.DisposeAsync();
        Directory.Delete(place, recursive: true);
    }
}
