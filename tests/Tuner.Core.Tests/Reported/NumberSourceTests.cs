using Tuner.Core.Reported;

namespace Tuner.Core.Tests.Reported;

public sealed class NumberSourceTests
{
    private const string Metrics = """
        # HELP queue_depth Requests that wait.
        # TYPE queue_depth gauge
        queue_depth{model="digits",worker="0"} 3
        queue_depth{model="digits",worker="1"} 5 1764000000000
        queue_depth{model="letters, \"bold\"",worker="0",} 1e2
        queue_depth_max 9
        process_cpu_seconds_total 12.5
        temperature NaN
        """;

    [Theory]
    [InlineData("accuracy", 0.93)]
    [InlineData("$.accuracy", 0.93)]
    [InlineData("models[1].hits", 7)]
    [InlineData("$['models'][0].hits", 4)]
    [InlineData("models[0]['hit rate']", 0.5)]
    [InlineData("text", 12.5)]
    [InlineData("ready", 1)]
    public void Finds_a_number_along_a_path(string path, double expected)
    {
        const string Answer = """{ "accuracy": 0.93, "text": "12.5", "ready": true, "models": [ { "hits": 4, "hit rate": 0.5 }, { "hits": 7 } ] }""";

        var (values, problem) = Json(path).Read(Answer);

        Assert.Equal([expected], values);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("accuracy", "{ \"other\": 1 }", "has no 'accuracy'")]
    [InlineData("models[2]", "{ \"models\": [1] }", "has no '2'")]
    [InlineData("models", "{ \"models\": [1] }", "is no number")]
    [InlineData("accuracy", "<html>", "no JSON")]
    public void Says_why_there_is_no_number(string path, string answer, string reason)
    {
        var (values, problem) = Json(path).Read(answer);

        Assert.Empty(values);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("models[*].hits")]
    [InlineData("..accuracy")]
    [InlineData("models[?(@.hits)]")]
    [InlineData("a b")]
    public void Refuses_paths_to_more_than_one_value(string path) => Assert.False(JsonPath.TryParse(path, out _));

    [Theory]
    [InlineData("process_cpu_seconds_total", new[] { 12.5 })]
    [InlineData("queue_depth", new[] { 3.0, 5, 100 })]
    [InlineData("queue_depth{model=\"digits\"}", new[] { 3.0, 5 })]
    [InlineData("queue_depth{worker=\"1\", model=\"digits\"}", new[] { 5.0 })]
    [InlineData("queue_depth{model=\"letters, \\\"bold\\\"\"}", new[] { 100.0 })]
    public void Selects_series_by_name_and_labels(string selector, double[] expected)
    {
        var (values, problem) = Series(selector).Read(Metrics);

        Assert.Equal(expected, values);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("queue")]
    [InlineData("queue_depth{model=\"other\"}")]
    [InlineData("temperature")]
    public void Says_that_no_series_is_selected(string selector) =>
        Assert.Contains("no series", Series(selector).Read(Metrics).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("queue depth")]
    [InlineData("queue_depth{model=digits}")]
    [InlineData("rate(queue_depth[1m])")]
    [InlineData("queue_depth 3")]
    public void Refuses_what_is_no_plain_selector(string selector) => Assert.False(SeriesSelector.TryParse(selector, out _));

    private static NumberSource.Json Json(string path) => new(JsonPath.TryParse(path, out var read) ? read : throw new ArgumentException(path));

    private static NumberSource.Prometheus Series(string text) => new(SeriesSelector.TryParse(text, out var read) ? read : throw new ArgumentException(text));
}
