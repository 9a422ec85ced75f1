using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Schemas;
using Tuner.Core.Loads;

namespace Tuner.Argo.Tests.Rendering;

/// <summary>Secrets are planted in every place that takes one; a Workflow shows none of them.</summary>
public sealed partial class TrialSecretsTests : IDisposable
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
    public void Options_of_the_command_line_are_read_from_variables_that_lead_to_the_secret()
    {
        var workflow = Workflow();
        var values = workflow.Secret!["stringData"].Texts().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var container = ArgoSweeps.Object(workflow, "Deployment").At("spec", "template", "spec", "containers")![0]!;
        var variables = container.Objects("env").ToDictionary(item => item.Text("name")!, StringComparer.Ordinal);

        var given = container["args"]!.AsArray().Select(word => Variable().Replace(word!.GetValue<string>(), match => match.Value is "$(API_TOKEN)" ? match.Value : values[variables[match.Groups["name"].Value].Text("valueFrom", "secretKeyRef", "key")!]));

        Assert.Equal(["--threads", "1", $"--api-key={Planted}-option", "--password", $"{Planted}-word", "--token=$(API_TOKEN)", "--max-tokens=8"], given);
    }

    [Fact]
    public void What_an_object_patched_in_place_holds_in_clear_is_refused_with_the_cure()
    {
        var sweep = sweeps.Load(
            ArgoSweeps.Sweep.Replace("manifest: model.yaml", "existing: { name: checkout, patch: patch.yaml, inPlace: true }\n    load: { service: checkout }", StringComparison.Ordinal),
            ("patch.yaml", "spec: { template: { spec: { containers: [ { name: server, args: [ \"--threads\", \"{{threads}}\", \"{{replicas}}\" ] } ] } } }"));
        ExistingObject Checkout(string container) => new(
            (JsonObject)JsonNode.Parse($$$"""
                { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "checkout" },
                  "spec": { "replicas": 1, "selector": { "matchLabels": { "app": "checkout" } }, "template": { "metadata": { "labels": { "app": "checkout" } }, "spec": { "containers": [ { "name": "server", {{{container}}} } ] } } } }
                """)!,
            []);

        foreach (var clear in new[] { $$"""
            "env": [ { "name": "DB_PASSWORD", "value": "{{Planted}}" } ]
            """, $"""
            "command": [ "serve", "--db-password={Planted}" ]
            """ })
        {
            var refused = Assert.Throws<RenderingException>(() => ArgoSweeps.Workflow(sweep, Checkout(clear))).Message;

            Assert.Contains("Deployment 'checkout' holds D", refused.Replace("db-password", "DB_PASSWORD", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains("valueFrom.secretKeyRef", refused, StringComparison.Ordinal);
            Assert.DoesNotContain(Planted, refused, StringComparison.Ordinal);
        }

        var referred = ArgoSweeps.Workflow(sweep, Checkout("""
            "env": [ { "name": "DB_PASSWORD", "valueFrom": { "secretKeyRef": { "name": "db", "key": "password" } } } ], "command": [ "serve", "--db-password=$(DB_PASSWORD)" ]
            """));
        Assert.Null(referred.Secret);
    }

    [Theory]
    [InlineData("env: [ { name: DATABASE, value: \"postgres://serve:pl4nted@db/models\" } ]")]
    [InlineData("env: [ { name: MODEL, value: \"https://blobs.example.test/model.onnx?sv=1&sig=pl4nted\" } ]")]
    [InlineData("args: [ --database=postgres://serve:pl4nted@db/models ]")]
    [InlineData("args: [ --model, \"https://blobs.example.test/model.onnx?access_token=pl4nted\" ]")]
    public void Addresses_with_secrets_in_variables_and_options_go_to_the_secret(string container)
    {
        var workflow = WithContainer(container);

        Assert.DoesNotContain(Planted, workflow.Manifest.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Planted, workflow.Secret!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("path: /infer,", "path: \"/infer?api_key=pl4nted\",")]
    [InlineData("path: /infer,", "path: \"/infer?key=pl4nted\",")]
    [InlineData("body: \"{ {{not a placeholder}} }\"", "body: '{ \"model\": \"m\", \"apiKey\": \"pl4nted\" }'")]
    public void A_load_with_a_secret_in_its_path_or_bodies_travels_in_the_secret(string before, string after)
    {
        Assert.Contains(before, ArgoSweeps.Sweep, StringComparison.Ordinal);
        var workflow = ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep.Replace(before, after, StringComparison.Ordinal), ("model.yaml", ArgoSweeps.Model)));

        Assert.Equal(PackedLoad.Elsewhere, Carried(workflow));
        Assert.NotEqual(PackedLoad.Elsewhere, Carried(ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", ArgoSweeps.Model)))));
        var order = PackedLoad.FromText(workflow.Secret.Text("stringData", PackedLoad.OrderFile)!).Profile.Request;
        Assert.Contains(Planted, order.Path + string.Concat(order.Bodies.Select(body => Encoding.UTF8.GetString(body.Content.Span))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_of_readiness_with_a_key_is_refused()
    {
        var refused = Assert.Throws<RenderingException>(() => ArgoSweeps.Workflow(sweeps.Load(ArgoSweeps.Sweep.Replace("path: /healthz", $"path: \"/healthz?token={Planted}\"", StringComparison.Ordinal), ("model.yaml", ArgoSweeps.Model))));

        Assert.Contains("target.argo.readiness.path holds a key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("command: [ sh, -c, \"exec serve --api-key=pl4nted --port 80\" ]", "api-key")]
    [InlineData("command: [ sh, -c, \"exec serve --password pl4nted\" ]", "password")]
    [InlineData("command: [ sh, -c, \"export DB_PASSWORD='pl4nted'; exec serve\" ]", "DB_PASSWORD")]
    [InlineData("command: [ sh, -c, \"curl https://u:pl4nted@models/ > m; exec serve\" ]", "an address")]
    public void Secrets_in_the_words_of_a_shell_are_refused_by_name(string container, string name) => Refused(() => WithContainer(container), name);

    [Theory]
    [InlineData("api_key: pl4nted", "api_key")]
    [InlineData("server.yaml: \"port: 80\\npassword: pl4nted\\n\"", "password")]
    [InlineData("server.json: '{ \"port\": 80, \"apiToken\": \"pl4nted\" }'", "apiToken")]
    [InlineData("url: \"redis://:pl4nted@cache:6379\"", "an address")]
    public void Secrets_in_a_config_map_are_refused_by_name(string data, string name) => Refused(() => WithConfigMap(data), name);

    [Fact]
    public void What_only_sounds_like_a_secret_is_let_through()
    {
        WithContainer("command: [ sh, -c, \"export TOKEN=$(cat /run/token) MAX_TOKENS=8; exec serve --token $TOKEN --password-file /run/p --auth none\" ]");
        WithConfigMap("server.yaml: \"max_tokens: 8\\ntoken: ${TOKEN}\\nauth: none\\nsecret: /run/secret\\nurl: https://models.example.test/?version=2\\n\"");
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

    private static void Refused(Action render, string name)
    {
        var message = Assert.Throws<RenderingException>(render).Message;
        Assert.Contains($"holds {name}", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, message, StringComparison.Ordinal);
    }

    private TrialWorkflow WithContainer(string container) => WithModel($$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: model }
        spec: { selector: { matchLabels: { app: model } }, template: { metadata: { labels: { app: model } }, spec: { containers: [ { name: server, image: "model:{{threads}}-{{batch}}", {{{container}}} } ] } } }
        """);

    private TrialWorkflow WithConfigMap(string data) => WithModel($$$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: settings }
        data: { threads: "{{threads}}", batch: "{{batch}}", {{{data}}} }
        """);

    private TrialWorkflow WithModel(string document)
    {
        var sweep = sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", ArgoSweeps.Model + "\n---\n" + document.Replace("name: model }\nspec", "name: other }\nspec", StringComparison.Ordinal)));
        return ArgoSweeps.Workflow(sweep);
    }

    private TrialWorkflow Workflow() => ArgoSweeps.Workflow(sweeps.Load(
        ArgoSweeps.Sweep
            .Replace("env: { BATCH: \"{{batch}}\" }", $"env: {{ BATCH: \"{{{{batch}}}}\", API_TOKEN: {Planted}-env, MAX_TOKENS: \"1\" }}", StringComparison.Ordinal)
            .Replace("path: /infer,", $"path: /infer, headers: {{ X-Team: vision, Authorization: \"Bearer {Planted}-header\" }},", StringComparison.Ordinal),
        ("model.yaml", ArgoSweeps.Model.Replace(
            "args: [--threads, \"{{threads}}\"]",
            $"args: [--threads, \"{{{{threads}}}}\", --api-key={Planted}-option, --password, {Planted}-word, --token=$(API_TOKEN), --max-tokens=8]",
            StringComparison.Ordinal).Replace("{ name: KEEP, value: \"1\" }", $"{{ name: DB_PASSWORD, value: {Planted}-manifest }}", StringComparison.Ordinal))));

    [GeneratedRegex(@"\$\((?<name>[A-Z_0-9]+)\)")]
    private static partial Regex Variable();

    private static PackedLoad Order(TrialWorkflow workflow) => PackedLoad.FromText(Carried(workflow));

    private static string Carried(TrialWorkflow workflow) => workflow.Manifest.Objects("spec", "templates").Single(template => template.Text("name") is "trial")["steps"]!.AsArray()
        .SelectMany(group => group!.AsArray().OfType<JsonObject>()).Single(step => step.Text("name") is "load").Objects("arguments", "artifacts").Single().Text("raw", "data")!;
}
