using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tuner.Local;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Hosting;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Cli.Serving;

/// <summary>One call of <c>tuner serve</c>: open the store, refuse what is not safe, serve until it is stopped.</summary>
internal sealed partial class ServiceRun(ServeRequest request, TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (listen, rules, problems) = request.Read();
        foreach (var problem in problems)
        {
            await error.WriteLineAsync(problem);
        }

        if (listen is null || !problems.IsEmpty)
        {
            return ExitCode.BadInput;
        }

        if (listen.WhyTaken() is { } taken)
        {
            await error.WriteLineAsync(taken);
            return ExitCode.Unavailable;
        }

        Database? database = null;
        try
        {
            database = await new DatabaseWait(listen, request.JsonLogs, TimeProvider.System).OpenAsync(token => StateOption.OpenAsync(request.StateFolder, token), cancellationToken);
            return await ServeAsync(database, listen, rules, cancellationToken);
        }
        catch (OperationCanceledException) when (database is null && cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (Exception exception) when (database?.IsTransient(exception.GetBaseException()) is true)
        {
            await error.WriteLineAsync($"{database.Name} went away while the service started: {exception.GetBaseException().Message.TrimEnd('.')}. Start the service again; it waits for it.");
            return ExitCode.Unavailable;
        }
    }

    private async Task<int> ServeAsync(Database database, ListenAddress listen, OperatorRules rules, CancellationToken cancellationToken)
    {
        if (await FirstKey.TakeAsync(Environment.GetEnvironmentVariable(FirstKey.Variable), new KeyStore(database), TimeProvider.System, cancellationToken) is { } bad)
        {
            await error.WriteLineAsync(bad);
            return ExitCode.BadInput;
        }

        var keys = await new KeyStore(database).AnyAsync(cancellationToken);
        if (!keys && !listen.IsLoopback)
        {
            await error.WriteLineAsync($"{listen} can be reached by others, and no key exists: anybody could run sweeps here. Make one first: tuner key create --name me --role admin --state {request.StateFolder}, or set {FirstKey.Variable} to what 'tuner key generate' prints.");
            return ExitCode.BadInput;
        }

        var targets = new TargetRegistration(database, error);
        await targets.AddSampleAsync(cancellationToken);
        if (!await targets.AddAllAsync(request.Targets, cancellationToken))
        {
            return ExitCode.BadInput;
        }

        var options = new ServiceOptions
        {
            Database = database,
            Engine = new SweepEngineOptions { MaxSweeps = request.MaxSweeps, LeavesTrials = true, Local = new LocalOptions { StateDirectory = new StateDirectory(request.StateFolder).Path } },
            Listen = listen,
            Rules = rules,
            RequestsPerMinute = request.RequestsPerMinute,
            Collector = request.Collector is { Length: > 0 } collector ? new Uri(collector) : null,
            JsonLogs = request.JsonLogs,
        };
        await using var app = ServiceHost.Build(options);
        return await ServeAsync(app, keys, listen, cancellationToken);
    }

    private async Task<int> ServeAsync(WebApplication app, bool keys, ListenAddress listen, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            await error.WriteLineAsync($"{listen} cannot be had: {exception.Message} Choose another with --listen.");
            return ExitCode.Unavailable;
        }

        string[] lines =
        [
            $"Tuner serves {app.Urls.First()} (API: /api/v1, OpenAPI: /openapi/v1.json, health: /health/ready). Ctrl-C stops it; sweeps go on when it is started again.",
            keys
                ? "Every request needs a key: Authorization: Bearer KEY."
                : "No key exists: this machine's own user needs none, and nobody else is served. 'tuner key create' ends that.",
        ];
        foreach (var line in lines)
        {
            if (request.JsonLogs)
            {
                Said(app.Logger, line);
            }
            else
            {
                await output.WriteLineAsync(line);
            }
        }

        await output.FlushAsync(cancellationToken);
        await using var stopping = cancellationToken.Register(app.Lifetime.StopApplication);
        await app.WaitForShutdownAsync(CancellationToken.None);
        return ExitCode.Ok;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private static partial void Said(ILogger logger, string line);
}
