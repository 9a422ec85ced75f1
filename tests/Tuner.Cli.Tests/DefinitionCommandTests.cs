using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;

namespace Tuner.Cli.Tests;

public sealed class DefinitionCommandTests : IDisposable
{
    private static readonly MachineCapacity TwoCores = new(2, 1, 8L << 30) { Enforcement = "not enforced" };

    private readonly string folder = Directory.CreateTempSubdirectory("tuner-cli-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Validate_takes_every_sample_and_exits_with_0()
    {
        var samples = Directory.GetFiles(Sweeps(), "*.yaml");

        var (code, output, error) = Run(["validate", .. samples]);

        Assert.Equal((0, ""), (code, error));
        Assert.Equal(samples.Length, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.Contains(": valid (sweep ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Validate_prints_every_error_of_every_file_with_its_place_and_exits_with_64()
    {
        var first = Write("first.yaml", "target: { endpoint: http://127.0.0.1:1 }\nload: { phases: [ { rate: 5, duration: 10 } ] }\nslos: [ fast ]\nfoo: 1\n");

        var (code, output, error) = Run("validate", first, Path.Combine(folder, "none.yaml"));

        Assert.Equal(64, code);
        Assert.Contains($"{first}:2:40: error: load.phases[0].duration: 10 has no unit.", error, StringComparison.Ordinal);
        Assert.Contains($"{first}:3:9: error: slos[0]: 'fast' cannot be read.", error, StringComparison.Ordinal);
        Assert.Contains($"{first}:4:1: error: foo: is not a key of the top level.", error, StringComparison.Ordinal);
        Assert.Contains("none.yaml: error: the file does not exist. Check the path.", error, StringComparison.Ordinal);
        Assert.Contains($"{first}: 4 errors", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_shows_candidates_commands_and_estimates_and_runs_nothing()
    {
        var (code, output, _) = Run("plan", Path.Combine(Sweeps(), "digits.yaml"));

        Assert.Equal(0, code);
        Assert.Matches(@"Candidates +120 combinations, 108 after conditions and constraints, 108 to be measured here", output);
        Assert.Contains("MAX_BATCH_SIZE=4 BATCH_DELAY_MS=0 dotnet $SAMPLES/Tuner.SampleModel.dll --port $PORT --workers 1 --precision fp32", output, StringComparison.Ordinal);
        Assert.Contains("notional", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void Plan_of_a_candidate_that_no_workflow_holds_says_why_and_exits_with_64(string format)
    {
        foreach (var name in new[] { "kubernetes", "digits" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Sweeps(), name)))
            {
                File.Copy(file, Path.Combine(folder, name, Path.GetFileName(file)));
            }
        }

        var manifest = Path.Combine(folder, "kubernetes/model.yaml");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("command: [dotnet,", "command: [sh, -c, \"serve --api-key=pl4nted\",", StringComparison.Ordinal));
        var sweep = Write("kubernetes.yaml", File.ReadAllText(Path.Combine(Sweeps(), "kubernetes.yaml")).Replace("path: /v2/models/digits/infer,", "path: \"/v2/models/digits/infer?api_key=pl4nted\",", StringComparison.Ordinal));

        var (code, output, error) = Run("plan", sweep, "--output", format);

        Assert.Equal(64, code);
        Assert.Contains("holds api-key in clear in the words of a shell", output, StringComparison.Ordinal);
        Assert.DoesNotContain("pl4nted", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_says_the_same_as_json()
    {
        var (code, output, _) = Run("plan", Path.Combine(Sweeps(), "digits.yaml"), "--output", "json");

        using var plan = JsonDocument.Parse(output);
        Assert.Equal(0, code);
        Assert.Equal("tuner/plan/v1", plan.RootElement.GetProperty("schema").GetString());
        Assert.Equal("fp32", plan.RootElement.GetProperty("baseline").GetProperty("candidate").GetProperty("precision").GetString());
        Assert.True(plan.RootElement.GetProperty("estimate").GetProperty("mostMoney").GetDecimal() > 0);
    }

    [Fact]
    public void Plan_counts_a_million_combinations_one_by_one()
    {
        var file = Write("large.yaml", $$$"""
            target: { process: { command: [server, "{{port}}", {{{string.Join(", ", Enumerable.Range(0, 6).Select(index => $"\"{{{{p{index}}}}}\""))}}}] } }
            parameters:
            {{{string.Join('\n', Enumerable.Range(0, 6).Select(index => $"  p{index}: {{ type: int, min: 1, max: 10 }}"))}}}
            constraints: [ "p0 + p1 <= 20" ]
            load: { phases: [ { rate: 100/s, duration: 20s } ] }
            slos: [ "p99 latency <= 100ms" ]
            """);
        var (code, output, _) = Run("plan", file);

        Assert.Equal(0, code);
        Assert.Contains("1,000,000 combinations, 1,000,000 after conditions and constraints, 1,000,000 to be measured here", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_says_when_this_machine_can_hold_no_candidate_at_all()
    {
        var file = Write("big.yaml", """
            target: { process: { command: [server, "{{port}}"] } }
            parameters: { instanceType: { values: [m7i.large] } }
            load: { phases: [ { rate: 100/s, duration: 20s } ] }
            slos: [ "p99 latency <= 100ms" ]
            """);

        var (code, output, _) = Run("plan", file);

        Assert.Equal(64, code);
        Assert.Contains("this machine can hold none of the candidates: needs 2 vCPUs; this machine has 1 for candidates", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_prints_the_json_schema()
    {
        var (code, output, _) = Run("schema");

        Assert.Equal((0, JsonSchema.OfSweep()), (code, output));
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var root = new RootCommand { ValidateCommand.Create(), PlanCommand.Create(() => TwoCores), SchemaCommand.Create() };
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = root.Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Sweeps([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../sweeps"));
}
