using System.Net;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Access;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Access;

public sealed class KeyTests
{
    private static ScriptedRunner Hanging => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true };

    [Fact]
    public async Task Without_keys_this_machines_user_is_served_and_told_who_they_are()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();

        Assert.Equal(("local user", KeyRole.Admin), (await client.Api.WhoAmIAsync(CancellationToken.None)) is var me ? (me.Name, me.Role) : default);
    }

    [Fact]
    public async Task From_the_first_key_on_nobody_is_served_without_one()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        var secret = await tuner.MakeKeyAsync(KeyRole.Admin);
        using (var nobody = tuner.Connect())
        {
            var refused = await Assert.ThrowsAsync<TunerApiException>(() => nobody.Api.WhoAmIAsync(CancellationToken.None));
            Assert.Equal((HttpStatusCode.Unauthorized, "urn:tuner:problem:no-key"), (refused.Status, refused.Problem.Type));
        }

        using var admin = tuner.Connect(secret);
        Assert.Equal(KeyRole.Admin, (await admin.Api.WhoAmIAsync(CancellationToken.None)).Role);
    }

    [Fact]
    public async Task A_service_that_others_can_reach_serves_nobody_without_a_key()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging, options => options with { Listen = new Service.Hosting.ListenAddress(IPAddress.Any, 0) });
        using var client = new TunerClient(new Uri($"http://127.0.0.1:{tuner.Url.Port}"));

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.WhoAmIAsync(CancellationToken.None));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Null(await client.NotReadyAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_key_sees_its_projects_only()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var vision = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "vision"));
        using var search = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "search"));
        var mine = await vision.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None);

        Assert.Equal("vision", mine.Project);
        Assert.Single((await vision.Api.SweepsAsync([], [], null, null, null, 10, CancellationToken.None)).Items);
        Assert.Empty((await search.Api.SweepsAsync([], [], null, null, null, 10, CancellationToken.None)).Items);
        foreach (var look in new Func<Task>[]
        {
            () => search.Api.SweepAsync(mine.Id, CancellationToken.None),
            () => search.Api.TrialsAsync(mine.Id, null, 10, CancellationToken.None),
            () => search.Api.ReportAsync(mine.Id, "text/html", CancellationToken.None),
            () => search.Api.CancelAsync(mine.Id, CancellationToken.None),
            () => search.Api.DeleteAsync(mine.Id, CancellationToken.None),
            async () => await search.WatchAsync(mine.Id, CancellationToken.None).GetAsyncEnumerator().MoveNextAsync(),
        })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<TunerApiException>(look)).Status);
        }

        var foreign = await Assert.ThrowsAsync<TunerApiException>(() => search.Api.SubmitAsync(SmallTexts.Body(), "vision", null, CancellationToken.None));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.Status);
    }

    [Fact]
    public async Task A_reader_reads_an_operator_submits_and_an_admin_makes_keys()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var admin = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Admin));
        var made = await admin.Api.CreateKeyAsync(new NewKey("dashboard", KeyRole.Reader, ["default"]), CancellationToken.None);
        using var reader = tuner.Connect(made.Secret);
        using var operating = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "default"));

        var sweep = await operating.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None);
        Assert.Equal(sweep.Id, (await reader.Api.SweepAsync(sweep.Id, CancellationToken.None)).Id);
        foreach (var deed in new Func<Task>[]
        {
            () => reader.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None),
            () => reader.Api.CancelAsync(sweep.Id, CancellationToken.None),
            () => operating.Api.KeysAsync(CancellationToken.None),
            () => operating.Api.CreateKeyAsync(new NewKey("more", KeyRole.Admin, []), CancellationToken.None),
            () => operating.Api.AuditAsync(null, 10, CancellationToken.None),
        })
        {
            Assert.Equal((HttpStatusCode.Forbidden, "urn:tuner:problem:forbidden"), (await Assert.ThrowsAsync<TunerApiException>(deed)) is var refused ? (refused.Status, refused.Problem.Type) : default);
        }
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var admin = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Admin));
        var made = await admin.Api.CreateKeyAsync(new NewKey("gone soon", KeyRole.Reader, ["default"]), CancellationToken.None);
        using var reader = tuner.Connect(made.Secret);
        await reader.Api.WhoAmIAsync(CancellationToken.None);

        await admin.Api.RevokeKeyAsync(made.Key.Id, CancellationToken.None);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<TunerApiException>(() => reader.Api.WhoAmIAsync(CancellationToken.None))).Status);
        Assert.NotNull((await admin.Api.KeysAsync(CancellationToken.None)).Single(key => key.Id == made.Key.Id).RevokedAt);
    }

    [Theory]
    [InlineData("tuner_000000000000_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("tuner_")]
    [InlineData("x")]
    public async Task A_key_that_is_none_is_refused_also_where_none_is_needed(string secret)
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect(secret);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<TunerApiException>(() => client.Api.WhoAmIAsync(CancellationToken.None))).Status);
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_stored()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        var secret = await tuner.MakeKeyAsync(KeyRole.Admin);

        var stored = Assert.Single(await new KeyStore(tuner.Database).ListAsync(CancellationToken.None));

        Assert.True(stored.Opens(secret));
        Assert.False(stored.Opens(secret[..^1] + (secret[^1] == '0' ? '1' : '0')));
        Assert.DoesNotContain(secret[^64..], stored.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", KeyRole.Admin, "", "name: '' is no name")]
    [InlineData("me", KeyRole.Operator, "", "projects: name at least one")]
    [InlineData("me", KeyRole.Admin, "vision", "projects: an admin sees all")]
    [InlineData("me", KeyRole.Reader, "Team Vision", "projects: 'Team Vision' is no name of a project")]
    public void A_key_that_makes_no_sense_is_not_made(string name, KeyRole role, string project, string expected)
    {
        var problem = NewKeyCheck.Problem(new NewKey(name, role, project.Length == 0 ? [] : [project]));

        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }
}
