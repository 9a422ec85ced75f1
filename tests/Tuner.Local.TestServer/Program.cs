using System.Diagnostics;
using System.Runtime.InteropServices;
using Tuner.Local.TestServer;

// Usage: PORT MODE... ; every mode is one kind of bad manners.
var modes = args.Skip(1).ToArray();
if (args is ["sleep", ..])
{
    Native.IgnoreTermination();
    return Native.Sleep();
}

if (args is ["orphan", ..])
{
    // The middle of a double fork: starts the one that stays, and goes.
    Native.NewSession();
    Children.Start(modes.Contains("clear-env", StringComparer.Ordinal), "sleep");
    return 0;
}

Console.WriteLine($"hello from {Environment.ProcessId} on {args[0]}");
if (modes.Contains("exit-at-start", StringComparer.Ordinal))
{
    Console.Error.WriteLine("cannot load the model: weights.bin is missing");
    return 3;
}

using var ignored = modes.Contains("ignore-term", StringComparer.Ordinal)
    ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true)
    : null;
if (modes.Contains("children", StringComparer.Ordinal))
{
    // One that shares our session and ignores SIGTERM, one daemon with our environment, one without.
    Children.Start(clearEnvironment: false, "sleep");
    Children.Start(clearEnvironment: false, "orphan").WaitForExit();
    Children.Start(clearEnvironment: true, "orphan", "clear-env").WaitForExit();
    Console.WriteLine("children started");
}

if (modes.Contains("loud", StringComparer.Ordinal))
{
    for (var line = 0; line < 20_000; line++)
    {
        Console.WriteLine($"line {line} of a talkative server");
    }
}

if (modes.Contains("never-ready", StringComparer.Ordinal))
{
    return Native.Sleep();
}

try
{
    Server.Run(int.Parse(args[0]));
}
catch (System.Net.Sockets.SocketException error)
{
    Console.Error.WriteLine($"bind: {error.Message}");
    if (!modes.Contains("live-without-port", StringComparer.Ordinal))
    {
        return 98;
    }
}

return Native.Sleep();
