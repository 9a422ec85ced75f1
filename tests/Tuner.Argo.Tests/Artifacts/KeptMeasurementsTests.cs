using System.IO.Compression;
using Tuner.Argo.Artifacts;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Tests.Standin;
using Tuner.Argo.Tests.Trials;
using Tuner.Core.Measurements;

namespace Tuner.Argo.Tests.Artifacts;

public sealed class KeptMeasurementsTests : IAsyncDisposable
{
    private static readonly Measurement Measured = TrialVerdictTests.Measurement() with { Notes = ["kept"] };
    private readonly StandinArgoServer server = new();

    [Fact]
    public async Task What_a_load_pod_kept_comes_back_whole()
    {
        server.Keep("node-1", await ZippedAsync());

        var kept = await FetchAsync();

        Assert.Equal(["kept"], kept.Measurement!.Notes.AsEnumerable());
        Assert.Equal(["/artifacts/tuning/tuner-model-3/node-1/measurement"], server.Asked);
    }

    [Fact]
    public async Task A_token_that_somebody_renewed_is_read_again()
    {
        server.Keep("node-1", await ZippedAsync());
        var measurements = Connect();
        server.Token = "second";
        Assert.Contains("Renew the file of TUNER_ARGO_TOKEN_FILE", (await FetchAsync(measurements)).Problem, StringComparison.Ordinal);

        await File.WriteAllTextAsync(server.TokenFile, "second");

        Assert.NotNull((await FetchAsync(measurements)).Measurement);
    }

    [Theory]
    [InlineData(403, "get workflows in namespace 'tuning', and the Secret of its artifact repository")]
    [InlineData(404, "nobody deleted the artifact")]
    [InlineData(400, "refused: ")]
    public async Task A_refusal_ends_at_once_with_its_cure(int status, string cure)
    {
        server.Instead = context => StandinArgoServer.SayAsync(context, status, "No");

        Assert.Contains(cure, (await FetchAsync()).Problem, StringComparison.Ordinal);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_is_asked_again_and_one_that_stays_away_is_told_of()
    {
        server.Keep("node-1", await ZippedAsync());
        server.Instead = context =>
        {
            server.Instead = null;
            return StandinArgoServer.SayAsync(context, 503, "Service Unavailable");
        };
        Assert.NotNull((await FetchAsync()).Measurement);

        var away = Connect(patience: TimeSpan.Zero);
        await server.StopAsync();

        Assert.Contains("could not hand it over", (await FetchAsync(away)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_again_and_at_last_told_of()
    {
        var whole = await ZippedAsync();
        server.Keep("node-1", whole[..(whole.Length / 2)]);

        Assert.Contains("is no whole measurement", (await FetchAsync()).Problem, StringComparison.Ordinal);
        Assert.Equal(3, server.Asked.Count);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_accepted()
    {
        server.Keep("node-1", await ZippedAsync());

        var kept = await FetchAsync(KeptMeasurements.Connect(server.Access(trusted: false), TimeProvider.System, TimeSpan.Zero));

        Assert.Contains("certificate", kept.Problem, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public void More_than_the_limit_is_not_read()
    {
        using var stream = new LimitedStream(new MemoryStream(new byte[3_000_001]), 3_000_000);

        Assert.Contains("more than 3 MB", Assert.Throws<InvalidDataException>(() => stream.CopyTo(Stream.Null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://argo-server.argo:2746")]
    [InlineData("argo-server:2746")]
    [InlineData("https://me:secret@argo.example.com")]
    public void A_server_without_tls_or_with_a_password_in_its_address_is_refused_without_repeating_it(string address)
    {
        var refused = Assert.Throws<ClusterAccessException>(() => ArgoServerAccess.FromEnvironment(name => name == ArgoServerAccess.ServerVariable ? address : null, TimeProvider.System));

        Assert.Contains("TUNER_ARGO_SERVER", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_server_is_named_by_default() => Assert.Null(ArgoServerAccess.FromEnvironment(_ => null, TimeProvider.System));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task<byte[]> ZippedAsync()
    {
        var target = new MemoryStream();
        await using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            await MeasurementJson.WriteAsync(gzip, Measured, default);
        }

        return target.ToArray();
    }

    private KeptMeasurements Connect(TimeSpan? patience = null) => KeptMeasurements.Connect(server.Access(), TimeProvider.System, patience ?? TimeSpan.FromMinutes(5));

    private Task<KeptMeasurement> FetchAsync(KeptMeasurements? measurements = null) => (measurements ?? Connect()).FetchAsync("tuning", "tuner-model-3", "node-1", _ => { }, default);
}
