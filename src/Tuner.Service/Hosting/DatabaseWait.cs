using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tuner.Service.Api;
using Tuner.Service.Storage;

namespace Tuner.Service.Hosting;

/// <summary>
/// A service whose database is not up yet waits for it, for as long as it takes: it lives, and is not ready. What does not
/// pass by itself (a wrong password, no such database) is told at once instead.
/// </summary>
public sealed partial class DatabaseWait(ListenAddress listen, bool jsonLogs, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="DatabaseException">It cannot be opened, and waiting would not help.</exception>
    public async Task<Database> OpenAsync(Func<CancellationToken, Task<Database>> open, CancellationToken cancellationToken)
    {
        try
        {
            return await open(cancellationToken);
        }
        catch (DatabaseException exception) when (exception.Trouble is DatabaseTrouble.Passing)
        {
            return await WaitAsync(open, exception, cancellationToken);
        }
    }

    private async Task<Database> WaitAsync(Func<CancellationToken, Task<Database>> open, DatabaseException trouble, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        await using var app = Placeholder();
        var logger = app.Services.GetRequiredService<ILogger<DatabaseWait>>();
        await app.StartAsync(cancellationToken);
        Waiting(logger, trouble.Message);
        while (true)
        {
            await Task.Delay(Pause, time, cancellationToken);
            try
            {
                var database = await open(cancellationToken);
                Opened(logger, database.Name, (int)time.GetElapsedTime(start).TotalSeconds);
                await app.StopAsync(cancellationToken);
                return database;
            }
            catch (DatabaseException exception) when (exception.Trouble is DatabaseTrouble.Passing)
            {
                // A line where something has changed: nobody listened, then it was starting up.
                if (!string.Equals(exception.Reason, trouble.Reason, StringComparison.Ordinal))
                {
                    Waiting(logger, exception.Message);
                }

                trouble = exception;
            }
        }
    }

    /// <summary>Holds the address meanwhile; tells whoever asks what a service without its database tells.</summary>
    private WebApplication Placeholder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen.Address, listen.Port);
        });
        ServiceLog.Configure(builder.Logging, jsonLogs);
        var app = builder.Build();
        app.MapGet(HealthApi.LivePath, HealthApi.Live);
        app.MapFallback(context =>
        {
            context.Response.Headers.RetryAfter = "1";
            return HealthApi.NotReady("Its database does not answer yet; the service starts when it does.").ExecuteAsync(context);
        });
        return app;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the database: {Trouble} The service starts when it answers; /health/ready says 503 until then.")]
    private static partial void Waiting(ILogger logger, string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Database} answers after {Seconds} s")]
    private static partial void Opened(ILogger logger, string database, int seconds);
}
