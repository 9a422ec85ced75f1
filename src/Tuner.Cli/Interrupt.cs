using System.Runtime.InteropServices;

namespace Tuner.Cli;

/// <summary>
/// Ctrl-C and SIGTERM ask the command to stop cleanly; the token is cancelled once, and the process goes on until it has
/// taken its candidates away. A third Ctrl-C ends it at once.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private const int Patience = 3;

    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private int asked;

    public Interrupt()
    {
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        var count = Interlocked.Increment(ref asked);
        context.Cancel = count < Patience;
        if (count == 1)
        {
            Console.Error.WriteLine("Stopping …");
            source.Cancel();
        }
    }
}
