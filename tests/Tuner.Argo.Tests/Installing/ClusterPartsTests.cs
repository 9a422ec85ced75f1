using System.Runtime.CompilerServices;
using Tuner.Argo.Installing;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Schemas;

namespace Tuner.Argo.Tests.Installing;

public sealed class ClusterPartsTests
{
    public static TheoryData<string> Versions => [.. CrdSchema.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_template_is_accepted_by_the_whole_schema_of_Argo(string version)
    {
        var template = ClusterParts.For("tuning", "tuner:test").Single(part => part.Text("kind") is "WorkflowTemplate");

        Assert.Empty(CrdSchema.Load(version, "workflowtemplates").Problems(template));
        Assert.All(template.Objects("spec", "templates"), step => Assert.Equal("tuner:test", step.Objects("inputs", "parameters").Single(parameter => parameter.Text("name") is "image").Text("value")));
    }

    [Fact]
    public void Every_pod_of_Tuner_is_locked_down_and_names_its_command()
    {
        var template = ClusterParts.For("tuning").Single(part => part.Text("kind") is "WorkflowTemplate");

        Assert.All(template.Objects("spec", "templates"), step =>
        {
            var container = step["container"];
            Assert.Equal("tuner", container.At("command")![0]!.GetValue<string>());
            Assert.True(container.Flag("securityContext", "readOnlyRootFilesystem"));
            Assert.True(container.Flag("securityContext", "runAsNonRoot"));
            Assert.False(container.Flag("securityContext", "allowPrivilegeEscalation"));
        });
    }

    [Fact]
    public void No_role_reads_secrets_or_reaches_everything_or_other_namespaces()
    {
        var parts = ClusterParts.For("tuning");

        Assert.All(parts, part => Assert.Equal("tuning", part.Text("metadata", "namespace")));
        Assert.DoesNotContain(parts, part => part.Text("kind") is "ClusterRole" or "ClusterRoleBinding");
        var words = parts.SelectMany(part => part.Objects("rules")).SelectMany(rule => new[] { "apiGroups", "resources", "verbs" }.SelectMany(key => rule[key]!.AsArray())).Select(word => word!.GetValue<string>()).ToArray();
        Assert.DoesNotContain("*", words);
        Assert.All(parts.SelectMany(part => part.Objects("rules")).Where(rule => rule["resources"]!.ToJsonString().Contains("secrets", StringComparison.Ordinal)), rule => Assert.Equal("[\"create\"]", rule["verbs"]!.ToJsonString()));
        Assert.Contains(parts.SelectMany(part => part.Objects("rules")), rule => rule["resources"]!.ToJsonString() is "[\"workflowtaskresults\"]" && rule["verbs"]!.ToJsonString() is "[\"create\",\"patch\"]");
    }

    [Fact]
    public void The_kustomization_names_the_same_files()
    {
        var deploy = Path.Combine(Root(), "deploy", "argo");

        Assert.Contains("resources: [rbac.yaml, ../../workflows]", File.ReadAllText(Path.Combine(deploy, "kustomization.yaml")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(deploy, "rbac.yaml")));
        Assert.True(File.Exists(Path.Combine(Root(), "workflows", "tuner-trial.yaml")));
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
