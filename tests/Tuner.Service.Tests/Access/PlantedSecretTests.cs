using System.Text.Json;
using Dapper;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Access;

/// <summary>A secret stands in the target's environment and arguments, and the candidate says it in its log: it comes out nowhere.</summary>
public sealed class PlantedSecretTests
{
    [Fact]
    public async Task A_planted_secret_is_in_no_answer_report_event_log_or_audit_entry()
    {
        var fails = new ScriptedRunner(candidate => candidate.Key.Contains("workers=1", StringComparison.Ordinal)
            ? new TrialState.CandidateFailed(FailureKind.ExitedAtStart, $"it said {SmallTexts.Secret}", $"starting with {SmallTexts.Secret}\n")
            : new TrialState.Measured(SmallSweep.Steady(milliseconds: 20)));
        await using var tuner = await ServedTuner.StartAsync(fails);
        using var client = tuner.Connect();
        using var http = new HttpClient { BaseAddress = tuner.Url };
        var id = (await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id;
        await client.EndOfAsync(id);

        var seen = new Dictionary<string, string>(StringComparer.Ordinal) { ["log"] = tuner.Log.Text };
        await foreach (var happened in client.WatchAsync(id, CancellationToken.None))
        {
            seen[$"event {seen.Count}"] = JsonSerializer.Serialize(happened, ApiJson.Options);
        }

        foreach (var path in await PathsAsync(http, id))
        {
            foreach (var accept in path.EndsWith("/report", StringComparison.Ordinal) ? new[] { "application/json", "text/markdown", "text/html" } : ["application/json"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Accept.ParseAdd(accept);
                using var response = await http.SendAsync(request);
                seen[$"{path} as {accept}"] = await response.Content.ReadAsStringAsync();
            }
        }

        Assert.True(seen.Count > 20, $"only {seen.Count} texts were looked at: {string.Join(", ", seen.Keys)}");
        Assert.Contains(seen.Values, text => text.Contains("starting with (hidden)", StringComparison.Ordinal));
        Assert.All(seen, text => Assert.DoesNotContain(SmallTexts.Secret, text.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_in_a_refused_definition_is_not_said_again()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(20))), targets: false);
        using var client = tuner.Connect();

        var refused = await Assert.ThrowsAsync<Client.TunerApiException>(() => client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None));

        Assert.DoesNotContain(SmallTexts.Secret, JsonSerializer.Serialize(refused.Problem, ApiJson.Options), StringComparison.Ordinal);
        Assert.DoesNotContain(SmallTexts.Secret, tuner.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_in_no_log_and_in_no_table()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(20))));
        var secret = await tuner.MakeKeyAsync(KeyRole.Admin);
        using var client = tuner.Connect(secret);
        await client.EndOfAsync((await client.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None)).Id);

        await using var connection = await tuner.Database.ConnectAsync(CancellationToken.None);
        var tables = (await connection.QueryAsync<string>("select name from sqlite_master where type = 'table'")).ToList();
        var rows = new List<string>();
        foreach (var table in tables)
        {
            rows.AddRange((await connection.QueryAsync($"select * from {table}")).Select(row => string.Join('|', ((IDictionary<string, object?>)row).Values)));
        }

        Assert.True(rows.Count > 5);
        Assert.All(rows, row => Assert.DoesNotContain(secret[^64..], row, StringComparison.Ordinal));
        Assert.DoesNotContain(secret[^64..], tuner.Log.Text, StringComparison.Ordinal);
    }

    /// <summary>Every address of the API that can be read, by its own document, filled in for the sweep.</summary>
    private static async Task<List<string>> PathsAsync(HttpClient http, string id)
    {
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative)));
        return
        [
            .. document.RootElement.GetProperty("paths").EnumerateObject()
                .Where(path => path.Value.TryGetProperty("get", out _) && !path.Name.EndsWith("/events", StringComparison.Ordinal))
                .SelectMany(path => new[] { "1", "2", "3" }.Select(number => path.Name.Replace("{id}", id, StringComparison.Ordinal).Replace("{number}", number, StringComparison.Ordinal).Replace("{name}", "prices.yaml", StringComparison.Ordinal)))
                .Distinct(),
        ];
    }
}
