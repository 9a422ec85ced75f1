using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Hosting;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;
using Tuner.Testing.Serving;

namespace Tuner.Service.Tests.Api;

/// <summary>The service as its clients see it, with what it has logged.</summary>
internal sealed class ServedTuner : IAsyncDisposable
{
    private readonly LoopbackService service;

    private ServedTuner(LoopbackService started, KeptLog log) => (service, Log) = (started, log);

    public Database Database => service.Database;

    public KeptLog Log { get; }

    public Uri Url => service.Url;

    /// <summary>Starts the service. The sweep of <see cref="SmallTexts"/> is a registered target, unless <paramref name="targets"/> is false.</summary>
    public static async Task<ServedTuner> StartAsync(ITrialRunner runner, Func<ServiceOptions, ServiceOptions>? change = null, bool targets = true)
    {
        var log = new KeptLog();
        var target = targets ? new SubmittedSweep("small.yaml", SmallTexts.Sweep, SmallTexts.Files) : null;
        return new ServedTuner(await LoopbackService.StartAsync(runner, target, change, more: services => services.AddSingleton<ILoggerProvider>(log)), log);
    }

    public TunerClient Connect(string? key = null) => new(Url, key);

    /// <summary>A key of the service, made as its operator would.</summary>
    public Task<string> MakeKeyAsync(KeyRole role, params string[] projects) => service.MakeKeyAsync(role, projects);

    /// <summary>Stops it as Ctrl-C would.</summary>
    public Task StopAsync() => service.StopAsync();

    public ValueTask DisposeAsync() => service.DisposeAsync();
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
