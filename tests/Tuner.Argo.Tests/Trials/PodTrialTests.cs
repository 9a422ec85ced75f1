using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Cluster;
using Tuner.Argo.Tests.Standin;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;

namespace Tuner.Argo.Tests.Trials;

/// <summary>Whole trials with real pods: the sample model server, its Service, and Tuner's own steps in Tuner's own image.</summary>
public sealed class PodTrialTests : TrialTests
{
    [PodsFact]
    public async Task The_first_sample_is_deployed_loaded_measured_and_gone()
    {
        await using var place = await ArgoNamespace.CreateAsync();
        await using var argo = new StandinController(place, new StandinOptions { InPods = true });
        var sweep = Sample(place);
        var watched = new Watched();

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4), TimeProvider.System);

        var outcome = await Runner(place).RunAsync(sweep, Trial(candidate: sweep.Baseline), watched, limit.Token);

        var measured = Is<TrialState.Measured>(outcome.State).Measurement;
        Assert.Equal(measured.Phases.Single().Scheduled, measured.Phases.Single().Succeeded);
        Assert.Equal(1, watched.Measuring);
        Assert.Equal(2, measured.Replicas!.Value.Length);
        Assert.Equal(measured.Phases.Single().Succeeded, measured.Replicas.Value.Sum(replica => replica.Answered));
        Assert.InRange(measured.Replicas.Value.Max(replica => replica.Answered) - measured.Replicas.Value.Min(replica => replica.Answered), 0, 1);
        await NothingIsLeftAsync(place);
        Assert.True(await ArgoNamespace.Until(async () => (await place.OwnedAsync("v1", "pods")).Length == 0 && (await place.OwnedAsync("v1", "services")).Length == 0));
    }

    private Sweep Sample(ArgoNamespace place)
    {
        CopySample(Sweeps.Folder);
        return Sweeps.Load(SampleText(place));
    }

    /// <summary>What sweeps/kubernetes.yaml refers to.</summary>
    internal static void CopySample(string target)
    {
        foreach (var folder in new[] { "kubernetes", "digits" })
        {
            Directory.CreateDirectory(Path.Combine(target, folder));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(TestCluster.Repository, "sweeps", folder)))
            {
                File.Copy(file, Path.Combine(target, folder, Path.GetFileName(file)));
            }
        }
    }

    /// <summary>sweeps/kubernetes.yaml in a namespace of its own, with a load of some seconds, of users who wait: it is a measurement on a busy machine, too.</summary>
    internal static string SampleText(ArgoNamespace place)
    {
        var text = File.ReadAllText(Path.Combine(TestCluster.Repository, "sweeps/kubernetes.yaml"));
        foreach (var (before, after) in new[]
        {
            ("namespace: tuning", $"namespace: {place.Name}"),
            ("rate: 200/s, duration: 20s", "users: 4, duration: 5s"),
            ("  phases:", "  arrival: closed\n  phases:"),
            ("error rate <= 1%", "error rate <= 5%"),
            ("p99 latency", "p50 latency"),
            ("replicas: 1, batchSize: 4, precision: fp32, instanceType: sample-one", "replicas: 2, batchSize: 4, precision: fp32, instanceType: sample-quarter"),
        })
        {
            Assert.Contains(before, text, StringComparison.Ordinal);
            text = text.Replace(before, after, StringComparison.Ordinal);
        }

        return text + "measurement: { warmup: 2s, minRequests: 10, earlyAbort: false }\n";
    }
}
