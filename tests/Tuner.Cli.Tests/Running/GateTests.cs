using Microsoft.Data.Sqlite;

namespace Tuner.Cli.Tests.Running;

/// <summary>The gate as a pipeline uses it, with real processes: how long the server takes to answer stands in a file for each size.</summary>
public sealed class GateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-gate-").FullName;

    public GateTests()
    {
        File.WriteAllText(Path.Combine(folder, "waiting.yaml"), $$$"""
            metadata: { name: waiting }
            target:
              process:
                command: [dotnet, {{{Path.Combine(AppContext.BaseDirectory, "Tuner.Local.TestServer.dll")}}}, "{{port}}", "wait-file={{{folder}}}/{{instance.name}}"]
                readiness: { path: /, timeout: 60s }
                stopTimeout: 5s
            parameters:
              instanceType: { values: [sample-quarter, sample-half] }
            baseline: { instanceType: sample-half }
            load:
              request: { path: /wait }
              arrival: constant
              phases: [ { rate: 15/s, duration: 2s } ]
            slos: [ p50 latency <= 4s, error rate <= 50% ]
            search: { strategy: grid }
            measurement: { warmup: 300ms, repeats: 1, minRequests: 10, earlyAbort: false }
            verification: { repeats: 3, finalists: 1 }
            """);

        // Long enough that a generator which is late on a busy machine is late by little.
        Waits("sample-quarter", milliseconds: 500);
        Waits("sample-half", milliseconds: 500);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_slower_configuration_fails_the_gate_with_exit_code_3_and_an_unchanged_one_passes()
    {
        using var search = await TunerCommand.RunAsync(folder, "run", "waiting.yaml");
        Assert.True(search.ExitCode == 0, search.Errors + search.Output);
        using var listed = await TunerCommand.RunAsync(folder, "gate", "list", "--state", ".tuner");
        Assert.Contains("waiting  default  instanceType=sample-quarter  (of waiting-", listed.Output, StringComparison.Ordinal);

        using var unchanged = await TunerCommand.RunAsync(folder, "run", "waiting.yaml", "--gate", "--gate-pairs", "3");
        Assert.True(unchanged.ExitCode == 0, unchanged.Errors + unchanged.Output);
        Assert.Contains("gate: ", unchanged.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gate: fail", unchanged.Output, StringComparison.Ordinal);

        // Still well within its SLO, and the baseline beside it is as it was.
        Waits("sample-quarter", milliseconds: 1300);
        using var slower = await TunerCommand.RunAsync(folder, "run", "waiting.yaml", "--gate", "--gate-pairs", "3");
        Assert.True(slower.ExitCode == 3, slower.Errors + slower.Output);
        Assert.Contains("gate: fail: 'p50 latency <= 4s': +", slower.Output, StringComparison.Ordinal);

        // A night recommends nothing; a search does.
        using var night = await TunerCommand.RunAsync(folder, "gate", "accept", IdIn(slower.Errors), "--state", ".tuner");
        Assert.Equal(64, night.ExitCode);
        Assert.Contains("Accept a sweep that searched", night.Errors, StringComparison.Ordinal);
        using var accepted = await TunerCommand.RunAsync(folder, "gate", "accept", IdIn(search.Errors), "--state", ".tuner");
        Assert.True(accepted.ExitCode == 0, accepted.Errors);
        Assert.Contains("fail on", accepted.Output, StringComparison.Ordinal);
    }

    private static string IdIn(string errors)
    {
        const string Before = "Starting sweep ";
        var from = errors.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        return errors[from..errors.IndexOf(',', from)];
    }

    private void Waits(string size, int milliseconds) => File.WriteAllText(Path.Combine(folder, size), $"{milliseconds}");
}
