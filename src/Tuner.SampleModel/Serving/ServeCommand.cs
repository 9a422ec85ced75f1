using System.Net.Sockets;
using Tuner.SampleModel.Options;

namespace Tuner.SampleModel.Serving;

/// <summary>Runs the server until it is told to stop (SIGTERM, SIGINT).</summary>
internal static class ServeCommand
{
    public static async Task<int> Run(IReadOnlyList<string> args, TimeProvider time, CancellationToken cancellationToken)
    {
        var (options, errors) = OptionsReader.Read(args, Environment.GetEnvironmentVariable);
        if (options is null)
        {
            foreach (var error in errors)
            {
                await Console.Error.WriteLineAsync(error);
            }

            return ExitCodes.BadInput;
        }

        try
        {
            await using var server = await ModelServer.Start(options, time, cancellationToken);
            await Console.Out.WriteLineAsync($"ready on {server.Address.AbsoluteUri.TrimEnd('/')} after {Environment.CpuUsage.TotalTime.TotalSeconds:F2} CPU-seconds");
            await server.WaitForShutdown(cancellationToken);
            return ExitCodes.Success;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync(
                $"--port: cannot listen on {options.Host}:{options.Port}: {e.Message} Choose another port, or 0 for a free one.");
            return ExitCodes.BadInput;
        }
    }
}
