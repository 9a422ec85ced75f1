using System.ComponentModel;
using System.Diagnostics;

namespace Tuner.Benchmarks.Loads;

/// <summary>The least that a closed loop can cost on this kernel: <c>bare-loop.c</c>, built with the machine's C compiler.</summary>
internal sealed class BareLoop : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tuner-bare-loop-");

    private BareLoop()
    {
    }

    public string Command => Path.Combine(folder.FullName, "bare-loop");

    /// <summary>Null, and said, where there is no compiler.</summary>
    public static async Task<BareLoop?> BuildAsync(CancellationToken cancellationToken)
    {
        var built = new BareLoop();
        try
        {
            using var compiler = Process.Start("cc", ["-O2", "-o", built.Command, Path.Combine(AppContext.BaseDirectory, "Loads", "bare-loop.c")]);
            await compiler.WaitForExitAsync(cancellationToken);
            return compiler.ExitCode == 0 ? built : throw new InvalidOperationException($"cc ended with exit code {compiler.ExitCode}.");
        }
        catch (Win32Exception)
        {
            await Console.Error.WriteLineAsync("There is no C compiler: the bare loop is left out (apt-get install gcc libc6-dev).");
            built.Dispose();
            return null;
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}
