using System.Diagnostics;

namespace Tuner.Local.TestServer;

internal static class Children
{
    /// <summary>Starts this program again with other arguments; it holds our output, as daemons do that forget to close it.</summary>
    public static Process Start(bool clearEnvironment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (clearEnvironment)
        {
            start.Environment.Clear();
        }

        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.ArgumentList.Add(typeof(Children).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
