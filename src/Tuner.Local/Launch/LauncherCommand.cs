using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tuner.Local.Launch;

/// <summary>How to start the launcher: this assembly, run by the same .NET that runs Tuner.</summary>
internal static class LauncherCommand
{
    /// <summary>A start with pipes for the specification (input), the candidate's output, and the handshake (error).</summary>
    /// <param name="markers">The variables that mark the candidate; the launcher carries them from its first instant.</param>
    public static ProcessStartInfo StartInfo(IEnumerable<KeyValuePair<string, string>> markers)
    {
        var start = new ProcessStartInfo(DotnetPath())
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();

        // The runtime would leave a diagnostics socket behind in the temporary folder, since exec ends it without notice.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (name, value) in markers)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static IEnumerable<string> Arguments()
    {
        var assembly = typeof(LauncherCommand).Assembly.Location;
        if (assembly.Length == 0)
        {
            throw new InvalidOperationException("Tuner.Local.dll must lie beside Tuner as a file of its own; publish without single-file.");
        }

        yield return "exec";
        if (!File.Exists(Path.ChangeExtension(assembly, ".runtimeconfig.json")))
        {
            // Where only the library was copied, the settings of the program that runs now serve as well.
            yield return "--runtimeconfig";
            yield return Directory.GetFiles(AppContext.BaseDirectory, "*.runtimeconfig.json").FirstOrDefault()
                ?? throw new InvalidOperationException($"There is no *.runtimeconfig.json in '{AppContext.BaseDirectory}' to start the launcher with.");
        }

        yield return assembly;
    }

    private static string DotnetPath()
    {
        // …/shared/Microsoft.NETCore.App/10.0.x/ lies three levels below the dotnet command that belongs to it.
        var path = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(path) ? path : "dotnet";
    }
}
