using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Tuner.Testing.Time;

namespace Tuner.Cli.Tests.Running;

/// <summary>
/// The main job with real processes, real load and a real database, on a sweep of three candidates. Its users wait for their
/// answers: a generator on a busy machine is late for a schedule, and says rightly that such a trial is invalid.
/// </summary>
public sealed class RunCommandTests : IDisposable
{
    private const string Sweep =
        """
        metadata: { name: three }
        target:
          process:
            command: [dotnet, "{{tuner.samples}}/Tuner.SampleModel.dll", --port, "{{port}}", --max-batch-size, "{{batchSize}}"]
            readiness: { path: /v2/health/ready, timeout: 60s }
            stopTimeout: 5s
        parameters:
          batchSize: { values: [1, 2, 4] }
        baseline: { batchSize: 4 }
        load:
          request: { path: /v2/models/digits/infer, bodyFiles: [ digits.json ] }
          arrival: closed
          phases: [ { users: 2, duration: 2s } ]
        slos: [ error rate <= 50% ]
        cost: { instanceType: sample-quarter }
        search: { strategy: grid }
        measurement: { warmup: 500ms, repeats: 1 }
        verification: { repeats: 1, finalists: 1 }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("tuner-run-").FullName;

    public RunCommandTests()
    {
        // Eight images on a quarter of a vCPU are work enough for a trial to be killed in.
        var image = string.Join(',', Enumerable.Range(0, 64).Select(pixel => pixel % 17));
        var images = string.Join(',', Enumerable.Repeat(image, 8));
        File.WriteAllText(Path.Combine(folder, "digits.json"), $$"""{"inputs":[{"name":"image","shape":[8,64],"datatype":"FP32","data":[{{images}}]}]}""");
        File.WriteAllText(Path.Combine(folder, "three.yaml"), Sweep);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Ends_with_a_verified_recommendation_and_its_report()
    {
        using var run = await TunerCommand.RunAsync(folder, "run", "three.yaml");

        Assert.True(run.ExitCode == 0, run.Errors + run.Output);
        Assert.Contains("Use this configuration (verified)", run.Output, StringComparison.Ordinal);
        var report = Assert.Single(Directory.GetFiles(Path.Combine(folder, ".tuner", "reports"), "report.json", SearchOption.AllDirectories));
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        Assert.Equal("verified", json.RootElement.GetProperty("verdict").GetProperty("status").GetString());
        Assert.True(File.Exists(Path.ChangeExtension(report, "html")));
        Assert.True(File.Exists(Path.ChangeExtension(report, "md")));
        Assert.Empty(Candidates());
    }

    [Fact]
    public async Task Goes_on_where_it_was_killed_and_leaves_no_candidate_behind()
    {
        using var first = TunerCommand.Start(folder, "run", "three.yaml");
        await first.SaysAsync("trial   2");
        await WaitForACandidateAsync();
        first.Kill();
        await first.EndAsync();
        var finished = Trials().Where(trial => trial.State == "Measured").ToList();

        using var second = await TunerCommand.RunAsync(folder, "run", "three.yaml");

        Assert.Contains("Going on with sweep", second.Errors, StringComparison.Ordinal);
        Assert.Empty(Candidates());
        var trials = Trials();
        Assert.Equal(finished, trials.Where(trial => trial.State == "Measured").Take(finished.Count));
        Assert.Single(trials, trial => trial.State == "Interrupted");

        // Trials that a noisy machine spoilt are run again; of those that count, each candidate has one.
        var searched = trials.Where(trial => trial is { State: "Measured", Purpose: "Search" or "Baseline" }).ToList();
        Assert.Equal(searched.Count, searched.DistinctBy(trial => trial.Candidate).Count());
        Assert.Equal(3, trials.DistinctBy(trial => trial.Candidate).Count());
    }

    [Fact]
    public async Task Stops_cleanly_on_interrupt_and_says_how_to_go_on()
    {
        using var run = TunerCommand.Start(folder, "run", "three.yaml");
        await run.SaysAsync("trial   1");
        await WaitForACandidateAsync();

        run.Interrupt();
        await run.EndAsync();

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("tuner run three.yaml", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Candidates());
    }

    [Fact]
    public async Task Starts_a_new_sweep_where_the_definition_has_changed()
    {
        using var first = TunerCommand.Start(folder, "run", "three.yaml");
        await first.SaysAsync("trial   1");
        first.Interrupt();
        await first.EndAsync();

        await File.WriteAllTextAsync(Path.Combine(folder, "three.yaml"), Sweep.Replace("users: 2", "users: 3", StringComparison.Ordinal));
        using var second = TunerCommand.Start(folder, "run", "three.yaml");
        await second.SaysAsync("Starting sweep");
        Assert.Contains("has changed since three-", second.Errors, StringComparison.Ordinal);
        second.Interrupt();
        await second.EndAsync();
    }

    [Fact]
    public async Task Refuses_bad_input_with_every_error_and_exit_code_64()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "bad.yaml"), Sweep.Replace("baseline: { batchSize: 4 }", "baseline: { batchSize: 3 }\nbudjet: {}", StringComparison.Ordinal));

        using var run = await TunerCommand.RunAsync(folder, "run", "bad.yaml");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("bad.yaml:", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'budget'", run.Errors, StringComparison.Ordinal);
        Assert.Contains("baseline", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, ".tuner")));
    }

    [Fact]
    public async Task Refuses_an_unknown_option_with_exit_code_64()
    {
        using var run = await TunerCommand.RunAsync(folder, "run", "three.yaml", "--frobnicate");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("--frobnicate", run.Errors, StringComparison.Ordinal);
    }

    private Task WaitForACandidateAsync() => Until.TrueAsync(() => Candidates().Count > 0);

    /// <summary>Processes that carry the mark of a trial of this folder's sweeps.</summary>
    private List<string> Candidates()
    {
        if (!File.Exists(Database))
        {
            return [];
        }

        var trials = Trials().Select(trial => Encoding.UTF8.GetBytes($"TUNER_TRIAL={trial.Id}\0")).ToList();
        return [.. Directory.GetDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0]) && trials.Exists(mark => Environment(path).AsSpan().IndexOf(mark) >= 0))];
    }

    private static byte[] Environment(string process)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(process, "environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string Database => Path.Combine(folder, ".tuner", "tuner.db");

    private List<StoredTrial> Trials()
    {
        using var connection = new SqliteConnection($"Data Source={Database}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select id, purpose, state, candidate from trials order by number";
        try
        {
            using var reader = command.ExecuteReader();
            var trials = new List<StoredTrial>();
            while (reader.Read())
            {
                trials.Add(new StoredTrial(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
            }

            return trials;
        }
        catch (SqliteException)
        {
            // The command has not made its tables yet.
            return [];
        }
    }

    private sealed record StoredTrial(string Id, string Purpose, string State, string Candidate);
}
