using System.Text.Json;
using System.Text.RegularExpressions;
using Tuner.Cli.Suggesting;
using Tuner.Search;

namespace Tuner.Cli.Tests.Suggesting;

public sealed class AskTellLoopTests
{
    private const string TaskMessage = """
        {"type":"task","id":"t1","seed":3,"max_trials":6,"load":{"rps":10},
         "params":[{"name":"size","type":"categorical","values":["s","l"],"attributes":{"s":{"mem_gb":4},"l":{"mem_gb":16}}},
                   {"name":"pods","type":"ordinal","values":[1,2,4],"log":true,"more_is_faster":true}],
         "configs":[{"id":0,"params":{"size":"s","pods":1},"cost_per_hour":1},{"id":1,"params":{"size":"s","pods":2},"cost_per_hour":2},
                    {"id":2,"params":{"size":"s","pods":4},"cost_per_hour":4},{"id":3,"params":{"size":"l","pods":1},"cost_per_hour":3}],
         "constraints":[{"metric":"p99_ms","op":"<=","limit":100},{"metric":"error_rate","op":"<=","limit":0.01}]}
        """;

    /// <summary>What is minimized does not hold the price, so that none is needed.</summary>
    private static readonly string MinimizeJoules = Regex.Replace(Minimizing("joules", ""), """,?"cost_per_hour":\d""", "", RegexOptions.None, TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData("bayesian")]
    [InlineData("grid")]
    [InlineData("random")]
    [InlineData("sobol")]
    [InlineData("list")]
    public async Task Answers_a_task_and_each_result_with_what_to_try_next(string strategy)
    {
        var (code, answers, _) = await ConverseAsync(
            strategy,
            TaskMessage,
            """{"type":"result","id":1,"cost_per_hour":2,"metrics":{"p99_ms":40,"error_rate":0,"rps":9}}""",
            """{"type":"result","id":0,"cost_per_hour":1,"metrics":{"p99_ms":null,"error_rate":1}}""",
            """{"type":"end"}""",
            """{"type":"exit"}""");
        Assert.Equal(0, code);
        Assert.Equal(3, answers.Length);
        Assert.All(answers, answer => Assert.InRange(answer.GetProperty("next").GetInt32(), 0, 3));
        Assert.Equal(JsonValueKind.Null, answers[0].GetProperty("recommend").ValueKind);
    }

    [Fact]
    public async Task Recommends_what_was_measured_and_met_its_limits()
    {
        var (_, answers, _) = await ConverseAsync(
            "bayesian",
            TaskMessage,
            """{"type":"result","id":1,"metrics":{"p99_ms":20,"error_rate":0}}""",
            """{"type":"result","id":0}""");
        Assert.Equal(1, answers[2].GetProperty("recommend").GetInt32());
    }

    [Theory]
    [InlineData("bayesian")]
    [InlineData("grid")]
    [InlineData("random")]
    [InlineData("sobol")]
    [InlineData("list")]
    public async Task Answers_where_the_objective_is_measured_and_where_a_trial_did_not_tell_it(string strategy)
    {
        var (code, answers, errors) = await ConverseAsync(
            strategy,
            MinimizeJoules,
            """{"type":"result","id":1,"metrics":{"p99_ms":40,"error_rate":0,"joules":9}}""",
            """{"type":"result","id":2,"metrics":{"p99_ms":30,"error_rate":0,"joules":null}}""",
            """{"type":"result","id":0,"metrics":{"p99_ms":40,"error_rate":0}}""",
            """{"type":"exit"}""");
        Assert.True(code == 0, errors);
        Assert.Equal(4, answers.Length);
        Assert.All(answers, answer => Assert.InRange(answer.GetProperty("next").GetInt32(), 0, 3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Recommends_the_least_of_what_was_measured_and_not_the_cheapest_per_hour(bool priceIsFactor)
    {
        var task = Minimizing("usd_per_million", $",\"price_is_factor\":{(priceIsFactor ? "true" : "false")}");
        var (code, answers, errors) = await ConverseAsync(
            "bayesian",
            task,
            """{"type":"result","id":0,"metrics":{"p99_ms":20,"error_rate":0,"usd_per_million":7.0}}""",
            """{"type":"result","id":2,"metrics":{"p99_ms":20,"error_rate":0,"usd_per_million":2.0}}""",
            """{"type":"result","id":1,"metrics":{"p99_ms":20,"error_rate":0,"usd_per_million":5.0}}""",
            """{"type":"exit"}""");
        Assert.True(code == 0, errors);
        Assert.Equal(2, answers[^1].GetProperty("recommend").GetInt32());
    }

    [Fact]
    public async Task Ends_with_bad_input_when_a_price_is_missing_that_is_a_factor()
    {
        var (code, _, errors) = await ConverseAsync("bayesian", MinimizeJoules.Replace("""{"metric":"joules"}""", """{"metric":"joules","price_is_factor":true}""", StringComparison.Ordinal));
        Assert.Equal(64, code);
        Assert.Contains("configs[0].cost_per_hour", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_a_history_and_leaves_out_trials_of_other_parameters()
    {
        var task = TaskMessage.TrimEnd()[..^1] + """
            ,"history":[{"load":{},"trials":[{"params":{"size":"s","pods":1},"cost_per_hour":1,"metrics":{"p99_ms":400,"error_rate":0}},
            {"params":{"size":"s","pods":2},"cost_per_hour":2,"metrics":{"p99_ms": NaN,"error_rate":1}},
            {"params":{"size":"s","workers":2},"cost_per_hour":2,"metrics":{"p99_ms":1,"error_rate":0}}]}]}
            """;

        var (code, answers, errors) = await ConverseAsync("bayesian", task.ReplaceLineEndings(" "), """{"type":"exit"}""");

        Assert.True(code == 0, errors);
        Assert.NotEqual(0, Assert.Single(answers).GetProperty("next").GetInt32());
    }

    [Theory]
    [InlineData("""{"type":"result","id":1}""", "'result' is not expected")]
    [InlineData("not json", "could not be understood")]
    public async Task Ends_with_bad_input_when_a_line_makes_no_sense(string line, string expected)
    {
        var (code, _, errors) = await ConverseAsync("grid", line);
        Assert.Equal(64, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    private static string Minimizing(string metric, string more) =>
        TaskMessage.TrimEnd()[..^1] + $",\"objective\":{{\"metric\":\"{metric}\"{more}}}}}";

    private static async Task<(int Code, JsonElement[] Answers, string Errors)> ConverseAsync(string strategy, params string[] lines)
    {
        using var input = new StringReader(string.Join('\n', lines.Select(line => line.ReplaceLineEndings(" "))));
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await new AskTellLoop(SearchStrategies.Find(strategy)!).RunAsync(input, output, errors, CancellationToken.None);
        var answers = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone()).ToArray();
        return (code, answers, errors.ToString());
    }
}
