using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tuner.Client;
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
using Tuner.Service.Tests.Definitions;

namespace Tuner.Service.Tests.Api;

/// <summary>The whole service on a loopback port of its own, with a folder of its own; only trials are not run for real.</summary>
internal sealed class ServedTuner : IAsyncDisposable
{
    private readonly WebApplication served;
    private readonly string place;

    private ServedTuner(WebApplication app, string folder, Database database, KeptLog log) => (served, place, Database, Log) = (app, folder, database, log);

    public Database Database { get; }

    public KeptLog Log { get; }

    public Uri Url => new(served.Urls.First());

    /// <summary>Starts the service. The sweep of <see cref="SmallTexts"/> is a registered target, unless <paramref name="targets"/> is false.</summary>
    public static async Task<ServedTuner> StartAsync(ITrialRunner runner, Func<ServiceOptions, ServiceOptions>? change = null, bool targets = true)
    {
        var folder = Directory.CreateTempSubdirectory("tuner-served-").FullName;
        var database = await SqliteDatabase.OpenAsync(Path.Combine(folder, "tuner.db"), CancellationToken.None);
        if (targets)
        {
            var reading = SweepFile.Submitted("small.yaml", SmallTexts.Sweep, "/srv/model", new SubmittedFiles(SmallTexts.Files), SweepTexts.Prices);
            await new TargetTemplateStore(database).PutAsync("small", reading.Submission!, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }

        var options = new ServiceOptions
        {
            Database = database,
            Engine = new SweepEngineOptions
            {
                Local = new LocalOptions { StateDirectory = folder },
                Beat = TimeSpan.FromMilliseconds(50),
                Poll = TimeSpan.FromMilliseconds(50),
            },
            Listen = new ListenAddress(IPAddress.Loopback, 0),
        };
        var log = new KeptLog();
        var app = ServiceHost.Build(change?.Invoke(options) ?? options, services =>
        {
            services.AddSingleton<ITrialRunners>(new OneRunner(runner));
            services.AddSingleton<ILoggerProvider>(log);
        });
        await app.StartAsync();
        return new ServedTuner(app, folder, database, log);
    }

    public TunerClient Connect(string? key = null) => new(Url, key);

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
        await served.DisposeAsync();
        Directory.Delete(place, recursive: true);
    }

    private sealed class OneRunner(ITrialRunner runner) : ITrialRunners
    {
        public ITrialRunner For(Sweep sweep) => runner;

        public Task<IReadOnlyList<string>> RemoveLeftoversAsync(CancellationToken cancellationToken) => runner.RemoveLeftoversAsync(cancellationToken);
    }
}

/// <summary>Everything that was logged, as text.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = [];

    public string Text => string.Join('\n', lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
        // Nothing is held.
    }
}
