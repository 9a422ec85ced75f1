using System.Text.Json.Nodes;
using Tuner.Argo.Installing;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Tests.Installing;

public sealed class PartComparisonTests
{
    [Fact]
    public void What_was_just_installed_is_as_it_should_be() =>
        Assert.All(ClusterParts.For("tuning"), part => Assert.Empty(PartComparison.Differences(part, (JsonObject)part.DeepClone())));

    [Fact]
    public void What_a_platform_team_may_choose_is_no_difference()
    {
        var (expected, found) = (Part("WorkflowTemplate"), Part("WorkflowTemplate", "registry.example.test/tuner:9"));
        foreach (var container in found.Objects("spec", "templates").Select(template => template.At("container")!))
        {
            container["resources"] = new JsonObject();
            container["imagePullPolicy"] = "Always";
            container["securityContext"]!["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" };
        }

        found["spec"]!["imagePullSecrets"] = new JsonArray(new JsonObject { ["name"] = "registry" });

        Assert.Empty(PartComparison.Differences(expected, found));
    }

    [Fact]
    public void A_template_of_an_earlier_version_is_told_by_what_differs()
    {
        var found = Part("WorkflowTemplate");
        var load = found.Objects("spec", "templates").Single(template => template.Text("name") is "load");
        load["container"]!["args"]!.AsArray().RemoveAt(0);
        load["outputs"]!["parameters"]!.AsArray().RemoveAt(2);

        Assert.Equal(["spec.templates.load.container.args", "spec.templates.load.outputs.parameters.measurement-2"], PartComparison.Differences(Part("WorkflowTemplate"), found));
    }

    [Fact]
    public void A_role_that_lacks_a_right_is_told_and_one_that_has_more_is_not()
    {
        var (less, more, all) = (Part("Role"), Part("Role"), Part("Role"));
        less["rules"]!.AsArray().RemoveAt(less["rules"]!.AsArray().Count - 1);
        more["rules"]!.AsArray().Add(JsonNode.Parse("""{ "apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"] }"""));
        all["rules"] = new JsonArray(JsonNode.Parse("""{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }"""));

        Assert.Equal(["create secrets"], PartComparison.Differences(Part("Role"), less));
        Assert.Empty(PartComparison.Differences(Part("Role"), more));
        Assert.Empty(PartComparison.Differences(Part("Role"), all));
    }

    private static JsonObject Part(string kind, string? image = null) => ClusterParts.For("tuning", image).First(part => part.Text("kind") == kind);
}
