using Tuner.Core.Sweeps;
using Tuner.Service.Exporting;

namespace Tuner.Argo.Tests.Exporting;

public sealed class CandidateExportTests : IDisposable
{
    private readonly ArgoSweeps sweeps = new();

    public static TheoryData<string> Formats => [.. CandidateExport.Formats];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_back_every_form_gives_the_same_candidate(string format)
    {
        var sweep = Model();
        foreach (var candidate in sweep.Space.Enumerate().Take(20))
        {
            var (text, problem) = CandidateExport.Write(sweep, candidate, format);

            Assert.Null(problem);
            Assert.Equal(candidate, CandidateMark.Find(text!, sweep.Space));
        }
    }

    [Fact]
    public void A_patch_holds_the_values_and_nothing_of_a_trial()
    {
        var sweep = Model();
        var patch = CandidateExport.Write(sweep, sweep.Baseline!, "patch").Text!;

        Assert.Contains("  name: model\n", patch, StringComparison.Ordinal);
        Assert.Contains("replicas: 2\n", patch, StringComparison.Ordinal);
        Assert.Contains("node.kubernetes.io/instance-type: m7i.large", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("tuner/trial", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("selector", patch, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_file_leaves_secrets_out()
    {
        var sweep = sweeps.Load(ArgoSweeps.Sweep.Replace("env: { BATCH: \"{{batch}}\" }", "env: { BATCH: \"{{batch}}\", API_TOKEN: hidden }", StringComparison.Ordinal), ("model.yaml", ArgoSweeps.Model));
        var env = CandidateExport.Write(sweep, sweep.Baseline!, "env").Text!;

        Assert.Contains("BATCH=1\n", env, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", env, StringComparison.Ordinal);
    }

    public void Dispose() => sweeps.Dispose();

    private Sweep Model() => sweeps.Load(ArgoSweeps.Sweep, ("model.yaml", ArgoSweeps.Model));
}
