using Tuner.Core.Sweeps;

namespace Tuner.Service.Tests.Definitions;

public sealed class FingerprintTests : IDisposable
{
    private readonly SweepTexts texts = new();

    public FingerprintTests()
    {
        texts.Write("small.json", "{}");
        texts.Write("large.json", "{\"a\":1}");
    }

    public void Dispose() => texts.Dispose();

    [Theory]
    [InlineData("search: { strategy: bayesian, seed: 42 }", "search: { seed: 42 } # the default strategy")]
    [InlineData("labels: { team: vision }", "labels: { team: speech, tier: gold }")]
    [InlineData("duration: 20s }, { name: peak", "duration: 20000ms }, { name: peak")]
    [InlineData("rate: 80/s", "rate: 4800/min")]
    [InlineData("schedule: {", "schedule: { ")]
    [InlineData("confidence: 95%", "confidence: 0.95")]
    [InlineData("cron: \"0 2 * * *\"", "cron: \"0 3 * * *\"")]
    [InlineData("p99 latency <= 100ms", "p99  latency <= 0.1s")]
    [InlineData("money: 25 USD", "money: 25.00 USD")]
    [InlineData("{ file: large.json, weight: 2 }", "{ weight: 2.0, file: large.json }")]
    public void Stays_the_same_where_the_question_does(string from, string to) =>
        Assert.Equal(Of(SweepTexts.Full), Of(Changed(from, to)));

    [Theory]
    [InlineData("seed: 42", "seed: 43")]
    [InlineData("name: digits", "name: digits2")]
    [InlineData("min: 1, max: 4", "min: 1, max: 5")]
    [InlineData("p99 latency <= 100ms", "p99 latency <= 101ms")]
    [InlineData("stopTimeout: 10s", "stopTimeout: 11s")]
    [InlineData("DELAY:", "DELAYS:")]
    [InlineData("when: \"batchSize > 1\"", "when: \"batchSize > 2\"")]
    [InlineData("weight: 8", "weight: 7")]
    [InlineData("arrival: poisson", "arrival: constant")]
    [InlineData("trials: 40", "trials: 41")]
    [InlineData("warmup: 5s", "warmup: 6s")]
    [InlineData("instanceType: { values: [sample-half, sample-one] }", "instanceType: { values: [sample-one] }")]
    [InlineData("baseline: { replicas: 1", "baseline: { replicas: 2")]
    [InlineData("finalists: 3", "finalists: 2")]
    public void Changes_with_the_question(string from, string to) =>
        Assert.NotEqual(Of(SweepTexts.Full), Of(Changed(from, to)));

    [Theory]
    [InlineData("weight: 8", "weight: 7", "load")]
    [InlineData("stopTimeout: 10s", "stopTimeout: 11s", "target")]
    [InlineData("baseline: { replicas: 1", "baseline: { replicas: 2", "baseline")]
    [InlineData("p99 latency <= 100ms", "p99 latency <= 101ms", "slos")]
    [InlineData("warmup: 5s", "warmup: 6s", "measurement.warmup")]
    [InlineData("trials: 40", "trials: 41", "")]
    [InlineData("min: 1, max: 4", "min: 1, max: 5", "")]
    public void Tells_what_is_measured_in_another_way(string from, string to, string expected) =>
        Assert.Equal(expected, string.Join(", ", SweepParts.Differences(texts.Load(SweepTexts.Full).Sweep!, texts.Load(Changed(from, to)).Sweep!)));

    [Fact]
    public void Changes_with_a_body_and_with_a_price()
    {
        var before = Of(SweepTexts.Full);
        texts.Write("small.json", "{ }");
        Assert.NotEqual(before, Of(SweepTexts.Full));

        texts.Write("small.json", "{}");
        texts.Write("book.yaml", SweepTexts.Prices.Text);
        var named = Changed("cost: { currency: USD }", "cost: { prices: book.yaml }");
        Assert.Equal(before, Of(named));
        texts.Write("book.yaml", SweepTexts.Prices.Text.Replace("0.04937", "0.05", StringComparison.Ordinal));
        Assert.NotEqual(before, Of(named));
    }

    [Fact]
    public void Does_not_depend_on_the_order_of_keys()
    {
        var lines = SweepTexts.Full.Split('\n').ToList();
        var load = lines.FindIndex(line => line.StartsWith("load:", StringComparison.Ordinal));
        var moved = string.Join('\n', lines[load..].Concat(lines[..load]));

        Assert.Equal(Of(SweepTexts.Full), Of(moved));
    }

    private string Of(string text)
    {
        var reading = texts.Load(text);
        return reading.Sweep?.Fingerprint ?? throw new InvalidOperationException(SweepTexts.Printed(reading));
    }

    private static string Changed(string from, string to) => SweepTexts.Full.Contains(from, StringComparison.Ordinal)
        ? SweepTexts.Full.Replace(from, to, StringComparison.Ordinal)
        : throw new InvalidOperationException($"'{from}' is not in the sample.");
}
