using System.Diagnostics;

namespace Tuner.Cli.Tests.Running;

public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("tuner repo", "report")]
    [InlineData("tuner report --output mark", "markdown")]
    [InlineData("tuner completion ", "zsh")]
    [InlineData("tuner report digits-7", "digits-7k2m")]
    public async Task Bash_completes_commands_options_values_and_sweeps(string line, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("tuner-completion-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, ".tuner", "reports", "digits-7k2m"));
        using var script = await TunerCommand.RunAsync(folder, "completion", "bash");
        Assert.Equal(0, script.ExitCode);
        await File.WriteAllTextAsync(Path.Combine(folder, "completion.sh"), script.Output);
        await File.WriteAllTextAsync(Path.Combine(folder, "tuner"), $"#!/bin/sh\nexec dotnet '{typeof(ExitCode).Assembly.Location}' \"$@\"\n");

        var asked = "chmod +x tuner; PATH=$PWD:$PATH; . ./completion.sh; COMP_LINE=$1; COMP_POINT=${#1}; read -ra COMP_WORDS <<< \"$1\"; case $1 in *' ') COMP_WORDS+=('');; esac; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tuner; printf '%s\\n' \"${COMPREPLY[@]}\"";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", asked, "bash", line]) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false })!;
        var answers = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();

        Assert.Contains(expected, answers.Split('\n'));
        Assert.DoesNotContain("-h", answers.Split('\n'));
        Directory.Delete(folder, recursive: true);
    }
}
