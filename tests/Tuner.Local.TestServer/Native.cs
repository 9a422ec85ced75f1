using System.Runtime.InteropServices;

namespace Tuner.Local.TestServer;

internal static partial class Native
{
    private static PosixSignalRegistration? registration;

    [LibraryImport("libc", EntryPoint = "setsid")]
    public static partial int NewSession();

    public static void IgnoreTermination() => registration ??= PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);

    /// <summary>For ever.</summary>
    public static int Sleep()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        return 0;
    }
}
