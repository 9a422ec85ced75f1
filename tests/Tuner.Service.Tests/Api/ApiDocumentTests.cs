using System.Text.Json;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Engine;
using Tuner.Service.Tests.Reports;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class ApiDocumentTests
{
    [Fact]
    public async Task The_openapi_document_is_the_one_that_was_looked_at()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(20))));
        using var http = new HttpClient { BaseAddress = tuner.Url };

        var document = await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative));

        Snapshot.Match(document.ReplaceLineEndings("\n") + "\n", "openapi.json");
    }

    [Fact]
    public async Task Every_operation_has_a_name_and_a_sentence()
    {
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(20))));
        using var http = new HttpClient { BaseAddress = tuner.Url };

        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative)));
        var operations = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToList();

        Assert.True(operations.Count > 25, $"only {operations.Count} operations are described");
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Value.GetProperty("operationId").GetString()!);
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
        });
    }
}
