using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local;
using Tuner.Service.Access;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Hosting;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Pages.Tests;

/// <summary>The whole service on a loopback port of its own, with a folder of its own; only trials are not run for real.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;
    private readonly Database database;

    private Site(WebApplication service, string home, Database store) => (app, folder, database) = (service, home, store);

    public Uri Url => new(app.Urls.First() + "/");

    /// <param name="prepare">Fills the database before the service looks at it.</param>
    public static async Task<Site> StartAsync(TimeSpan pace, Func<Database, Task>? prepare = null)
    {
        var home = Directory.CreateTempSubdirectory("tuner-site-").FullName;
        var store = await SqliteDatabase.OpenAsync(Path.Combine(home, "tuner.db"), CancellationToken.None);
        var reading = SweepFile.Submitted("small.yaml", Texts.Sweep, "/srv/model", new SubmittedFiles(Texts.Files), ShippedPrices.Load());
        await new TargetTemplateStore(store).PutAsync("small", reading.Submission!, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await (prepare?.Invoke(store) ?? Task.CompletedTask);
        var options = new ServiceOptions
        {
            Database = store,
            Engine = new SweepEngineOptions
            {
                Local = new LocalOptions { StateDirectory = home },
                Beat = TimeSpan.FromMilliseconds(50),
                Poll = TimeSpan.FromMilliseconds(50),
            },
            Listen = new ListenAddress(IPAddress.Loopback, 0),
        };
        var service = ServiceHost.Build(options, services => services.AddSingleton<ITrialRunners>(new OneRunner(new PacedRunner(pace))));
        await service.StartAsync();
        return new Site(service, home, store);
    }

    /// <summary>A sweep that was submitted without a page.</summary>
    public async Task<string> SubmitAsync()
    {
        var outcome = await app.Services.GetRequiredService<SweepReception>().SubmitAsync(
            new SubmittedSweep("small.yaml", Texts.Sweep, Texts.Files), StoredSweep.DefaultProject, null, CancellationToken.None);
        return ((SubmissionOutcome.Accepted)outcome).Sweep.Id.Value;
    }

    /// <summary>A key of the service, made as its operator would.</summary>
    public async Task<string> MakeKeyAsync(KeyRole role, params string[] projects)
    {
        var (key, secret) = ApiKey.Create(new NewKey($"{role} of {string.Join(' ', projects)}", role, [.. projects]), TimeProvider.System.GetUtcNow());
        await new KeyStore(database).AddAsync(key, CancellationToken.None);
        return secret;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class OneRunner(ITrialRunner runner) : ITrialRunners
    {
        public ITrialRunner For(Sweep sweep) => runner;

        public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => runner.RemoveLeftoversAsync(cancellationToken);
    }
}
