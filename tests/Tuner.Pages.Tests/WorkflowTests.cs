using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;
using Tuner.Testing.Serving;
using static Microsoft.Playwright.Assertions;

namespace Tuner.Pages.Tests;

/// <summary>A trial in a cluster shows the Workflow that it is.</summary>
public sealed class WorkflowTests(Browser browser) : IClassFixture<Browser>
{
    private const string Definition = """
        metadata: { name: clustered }
        target: { argo: { namespace: tuning, manifest: model.yaml } }
        parameters: { workers: { values: [1, 2, 4, 6] } }
        baseline: { workers: 6 }
        load:
          request: { method: POST, path: /predict, bodyFiles: [ body.json ] }
          phases: [ { name: steady, rate: 100/s, duration: 20s } ]
        slos: [ p99 latency <= 100ms ]
        cost: { instanceType: sample-one }
        search: { strategy: grid }
        budget: { trials: 20 }
        verification: { finalists: 1, repeats: 1 }
        """;

    private const string Manifest = $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: model }
        spec:
          selector: { matchLabels: { app: model } }
          template:
            metadata: { labels: { app: model } }
            spec:
              containers:
                - name: server
                  image: example/model:1
                  args: [ --workers, "{{workers}}" ]
                  env: [ { name: MODEL_TOKEN, value: {{{Texts.Secret}}} } ]
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: model }
        spec: { selector: { app: model }, ports: [ { port: 8080 } ] }
        """;

    [BrowserFact]
    public async Task The_page_of_a_trial_shows_its_rendered_workflow_and_no_secret()
    {
        await using var service = await LoopbackService.StartAsync(
            new PacedRunner(TimeSpan.FromMilliseconds(20)), change: options => options with { Rules = options.Rules with { Namespaces = ["tuning"] } });
        var files = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("body.json", "{}"u8.ToArray()).Add("model.yaml", Encoding.UTF8.GetBytes(Manifest));
        var outcome = await service.Services.GetRequiredService<SweepReception>()
            .SubmitAsync(new SubmittedSweep("clustered.yaml", Definition, files), StoredSweep.DefaultProject, null, CancellationToken.None);
        var id = Assert.IsType<SubmissionOutcome.Accepted>(outcome).Sweep.Id.Value;
        var page = await browser.OpenAsync(service.Url);
        await page.GotoAsync($"{service.Url}sweeps/{id}");
        await Expect(page.Locator("#status")).ToContainTextAsync("finished");
        Assert.DoesNotContain(Texts.Secret, await page.ContentAsync(), StringComparison.Ordinal);

        await page.GotoAsync($"{service.Url}sweeps/{id}/trials/2");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "The Workflow that ran it" })).ToBeVisibleAsync();
        var workflow = await page.Locator(".copyable pre").InnerTextAsync();
        Assert.Contains("kind: Workflow", workflow, StringComparison.Ordinal);
        Assert.Contains("namespace: tuning", workflow, StringComparison.Ordinal);
        Assert.Contains("example/model:1", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain("{{workers}}", workflow, StringComparison.Ordinal);
        Assert.DoesNotContain(Texts.Secret, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Browser.KeepAsync(page, "trial-workflow");

        await page.GotoAsync($"{service.Url}sweeps/{id}/report");
        Assert.DoesNotContain(Texts.Secret, await page.ContentAsync(), StringComparison.Ordinal);
    }
}
