using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Access;

public sealed class AuditTests
{
    private static ScriptedRunner Hanging => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true };

    [Fact]
    public async Task Whoever_changes_something_is_written_down_with_what_came_of_it()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var admin = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Admin));
        using var operating = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Operator, "vision"));
        var sweep = await operating.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None);
        await operating.UntilAsync(sweep.Id, seen => seen.State is "running");
        await operating.Api.CancelAsync(sweep.Id, CancellationToken.None);
        await Assert.ThrowsAsync<TunerApiException>(() => operating.Api.RevokeKeyAsync("someone", CancellationToken.None));
        await operating.Api.SweepAsync(sweep.Id, CancellationToken.None);

        var entries = (await admin.Api.AuditAsync(null, 10, CancellationToken.None)).Items;

        Assert.Equal(
            [("DELETE /api/v1/keys/{id}", "someone", 403), ("POST /api/v1/sweeps/{id}/cancel", sweep.Id, 202), ("POST /api/v1/sweeps/", sweep.Id, 201)],
            entries.Select(entry => (entry.Action, entry.Subject, entry.Outcome)));
        Assert.All(entries, entry => Assert.StartsWith("Operator of vision (", entry.Who, StringComparison.Ordinal));
        Assert.Equal("vision", entries[^1].Project);
    }

    [Fact]
    public async Task The_audit_log_comes_in_pages()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        for (var index = 0; index < 3; index++)
        {
            await client.Api.PlanAsync(SmallTexts.Body(), null, CancellationToken.None);
        }

        var first = await client.Api.AuditAsync(null, 2, CancellationToken.None);
        var second = await client.Api.AuditAsync(first.Next, 2, CancellationToken.None);

        Assert.Equal((2, 1, null), (first.Items.Length, second.Items.Length, second.Next));
        Assert.Equal(3, first.Items.Concat(second.Items).Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task Nobody_known_is_written_down_too()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var admin = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Admin));
        using var nobody = tuner.Connect();
        await Assert.ThrowsAsync<TunerApiException>(() => nobody.Api.SubmitAsync(SmallTexts.Body(), null, null, CancellationToken.None));

        var entry = Assert.Single((await admin.Api.AuditAsync(null, 10, CancellationToken.None)).Items);

        Assert.Equal(("nobody known", 401, "127.0.0.1"), (entry.Who, entry.Outcome, entry.From));
    }
}
