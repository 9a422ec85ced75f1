using Microsoft.Extensions.Logging;

namespace Tuner.Service.Hosting;

/// <summary>One line for each state change, as text or as one JSON object a line.</summary>
internal static class ServiceLog
{
    public static void Configure(ILoggingBuilder logging, bool json)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning)
            // A database that is away is told once, by whoever looks for work; this would tell it every few seconds, with its stack.
            .AddFilter("Quartz.Impl.AdoJobStore", LogLevel.Critical)
            // It warns that the keys of forms are not encrypted: they lie where the sweeps themselves do.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        _ = json
            ? logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"))
            : logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ssZ "));
    }
}
