using System.Collections.Immutable;
using System.Text;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Submitting;
using Tuner.Service.Tests.Definitions;

namespace Tuner.Service.Tests.Submitting;

public sealed class ManifestAdmissionTests
{
    private const string Manifest = """
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
                  securityContext: { allowPrivilegeEscalation: false }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: model }
        spec: { selector: { app: model }, ports: [ { port: 8080 } ] }
        """;

    private const string Sweep = """
        target: { argo: { namespace: tuning, manifest: model.yaml } }
        parameters: { replicas: { type: int, min: 1, max: 2 } }
        load: { phases: [ { rate: 100/s, duration: 20s } ] }
        slos: [ p99 latency <= 100ms ]
        cost: { instanceType: sample-one }
        """;

    private static OperatorRules Rules { get; } = new() { Namespaces = ["tuning"] };

    [Fact]
    public void Objects_of_allowed_kinds_in_an_allowed_namespace_are_taken() => Assert.Empty(ManifestAdmission.Problems(Target(), Rules));

    [Theory]
    [InlineData("kind: Deployment", "kind: StatefulSet", "makes objects of kind StatefulSet, and this service allows Deployment")]
    [InlineData("containers:", "hostNetwork: true\n      containers:", "sets hostNetwork")]
    [InlineData("containers:", "serviceAccountName: admin\n      containers:", "sets serviceAccountName")]
    [InlineData("containers:", "volumes: [ { name: root, hostPath: { path: / } } ]\n      containers:", "sets hostPath")]
    [InlineData("allowPrivilegeEscalation: false", "privileged: true", "sets privileged")]
    public void An_object_that_reaches_beyond_its_candidate_is_refused(string replace, string with, string expected) =>
        Assert.StartsWith(expected, Assert.Single(ManifestAdmission.Problems(Target(Manifest.Replace(replace, with, StringComparison.Ordinal)), Rules)), StringComparison.Ordinal);

    [Fact]
    public void No_namespace_is_allowed_unless_the_operator_names_it() =>
        Assert.Contains("tuner serve --allow-namespace tuning", Assert.Single(ManifestAdmission.Problems(Target(), new OperatorRules())), StringComparison.Ordinal);

    private static Target.Argo Target(string manifest = Manifest)
    {
        var files = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("model.yaml", Encoding.UTF8.GetBytes(manifest));
        var reading = SweepFile.Submitted("sweep.yaml", Sweep, "/", new SubmittedFiles(files), SweepTexts.Prices);
        Assert.True(reading.IsValid, SweepTexts.Printed(reading));
        return Assert.IsType<Target.Argo>(reading.Sweep.Target);
    }
}
