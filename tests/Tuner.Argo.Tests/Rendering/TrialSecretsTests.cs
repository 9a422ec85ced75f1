using System.Text;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Schemas;
using Tuner.Core.Loads;

namespace Tuner.Argo.Tests.Rendering;

/// <summary>Secrets are planted in every place that takes one; a Workflow shows none of them.</summary>
public sealed class TrialSecretsTests : IDisposable
{
    private const string Planted = "pl4nted";
    private readonly ArgoSweeps sweeps = new();

    [Fact]
    public void No_planted_secret_stands_in_the_workflow_in_any_form()
    {
        var workflow = Workflow();
        var text = workflow.Manifest.ToJsonString();

        Assert.DoesNotContain(Planted, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted))[..8], text, StringComparison.Ordinal);
        Assert.DoesNotContain(Order(workflow).Profile.Request.Headers, header => header.Value.Contains(Planted, StringComparison.Ordinal));
        Assert.All(CrdSchema.Versions, version => Assert.Empty(CrdSchema.Load(version, "workflows").Problems(workflow.Manifest)));
    }

    [Fact]
    public void The_secret_holds_them_and_variables_and_headers_lead_to_it()
    {
        var workflow = Workflow();
        var secret = workflow.Secret!;
        var values = secret["stringData"].Texts().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

        Assert.Equal(workflow.Name, secret.Text("metadata", "name"));
        Assert.Equal("true", workflow.Manifest.Text("metadata", "annotations", TunerLabels.HasSecret));
        var variables = ArgoSweeps.Object(workflow, "Deployment").At("spec", "template", "spec", "containers")![0].Objects("env").ToDictionary(item => item.Text("name")!, StringComparer.Ordinal);
        foreach (var (name, value) in new[] { ("API_TOKEN", $"{Planted}-env"), ("DB_PASSWORD", $"{Planted}-manifest") })
        {
            Assert.Equal(workflow.Name, variables[name].Text("valueFrom", "secretKeyRef", "name"));
            Assert.Equal(value, values[variables[name].Text("valueFrom", "secretKeyRef", "key")!]);
        }

        Assert.Equal("1", variables["MAX_TOKENS"].Text("value"));
        Assert.Equal(["Authorization"], Order(workflow).SecretHeaders.AsEnumerable());
        Assert.Equal($"Bearer {Planted}-header", values[PackedLoad.SecretFile(0)]);
    }

    [Fact]
    public void The_load_pod_puts_its_headers_together_again()
    {
        var workflow = Workflow();
        foreach (var (key, value) in workflow.Secret!["stringData"].Texts())
        {
            File.WriteAllText(Path.Combine(sweeps.Folder, key), value);
        }

        var headers = Order(workflow).WithSecrets(sweeps.Folder).Profile.Request.Headers;

        Assert.Equal(["X-Team: vision", $"Authorization: Bearer {Planted}-header"], headers.Select(header => $"{header.Key}: {header.Value}"));
        Assert.ThrowsAny<IOException>(() => Order(workflow).WithSecrets(null));
    }

    [Fact]
    public void A_trial_without_secrets_has_no_secret() =>
        Assert.Null(ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", ArgoSweeps.Model))).Secret);

    public void Dispose() => sweeps.Dispose();

    private TrialWorkflow Workflow() => ArgoSweeps.Workflow(sweeps.Load(
        ArgoSweeps.Sweep
            .Replace("env: { BATCH: \"{{batch}}\" }", $"env: {{ BATCH: \"{{{{batch}}}}\", API_TOKEN: {Planted}-env, MAX_TOKENS: \"1\" }}", StringComparison.Ordinal)
            .Replace("path: /infer,", $"path: /infer, headers: {{ X-Team: vision, Authorization: \"Bearer {Planted}-header\" }},", StringComparison.Ordinal),
        ("model.yaml", ArgoSweeps.Model.Replace("{ name: KEEP, value: \"1\" }", $"{{ name: DB_PASSWORD, value: {Planted}-manifest }}", StringComparison.Ordinal))));

    private static PackedLoad Order(TrialWorkflow workflow) => PackedLoad.FromText(workflow.Manifest.Objects("spec", "templates").Single(template => template.Text("name") is "trial")["steps"]!.AsArray()
        .SelectMany(group => group!.AsArray().OfType<JsonObject>()).Single(step => step.Text("name") is "load").Objects("arguments", "artifacts").Single().Text("raw", "data")!);
}
