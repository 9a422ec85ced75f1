using System.Diagnostics;
using System.Text;

namespace Tuner.Cli.Tests.Running;

/// <summary>The real command as a process of its own, in a folder of its own.</summary>
internal sealed class TunerCommand : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly Process process;

    private TunerCommand(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ProcessId => process.Id;

    public string Output => Read(output);

    public string Errors => Read(errors);

    public int ExitCode => process.ExitCode;

    public static TunerCommand Start(string folder, params string[] arguments) => Start(folder, new Dictionary<string, string>(), arguments);

    public static TunerCommand Start(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new TunerCommand(Process.Start(start)!);
    }

    public static async Task<TunerCommand> RunAsync(string folder, params string[] arguments)
    {
        var command = Start(folder, arguments);
        await command.EndAsync();
        return command;
    }

    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
    }

    /// <summary>Waits until the command has written a line that holds the text.</summary>
    public async Task SaysAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Errors.Contains(text, StringComparison.Ordinal) && !Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, $"ended with {(process.HasExited ? process.ExitCode : 0)} before saying '{text}':\n{Errors}\n{Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    public void Kill() => process.Kill(entireProcessTree: false);

    public void Interrupt() => Assert.Equal(0, Signals.Send(process.Id, Signals.Interrupt));

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    /// <summary>The command as the solution's build made it, with its sample server beside it.</summary>
    private static string Assembly
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var tests = framework.Parent!.Parent!.Parent!.Parent!;
            var path = Path.Combine(tests.Parent!.FullName, "src", "Tuner.Cli", "bin", framework.Parent!.Name, framework.Name, "tuner.dll");
            return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing. Build the solution.");
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
