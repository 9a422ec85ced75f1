using System.Collections.Immutable;
using Tuner.Core.Api;
using Tuner.Core.Gate;
using Tuner.Core.Sweeps;
using Tuner.Service.Access;
using Tuner.Service.Definitions;
using Tuner.Service.Gate;
using Tuner.Service.Notifications;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Definitions;
using Tuner.Testing.Sweeps;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Storage;

/// <summary>What the stores of keys, audit, targets, price books, gates and subscriptions promise, on each database.</summary>
public abstract class OperatorStoreContract(StorePlace place) : StoreContract(place)
{
    private readonly ManualTime time = new();

    [StoreFact]
    public async Task A_key_is_found_listed_and_revoked_once()
    {
        var keys = new KeyStore(await OpenAsync(time));
        Assert.False(await keys.AnyAsync(default));
        var (first, secret) = ApiKey.Create(new NewKey("me", KeyRole.Admin, []), time.GetUtcNow());
        time.Advance(TimeSpan.FromSeconds(1));
        var (second, _) = ApiKey.Create(new NewKey("nightly", KeyRole.Operator, ["vision", "search"]), time.GetUtcNow());
        await keys.AddAsync(second, default);
        await keys.AddAsync(first, default);

        Assert.Equal(["me", "nightly"], (await keys.ListAsync(default)).Select(key => key.Name));
        var found = (await keys.FindAsync(second.Id, default))!;
        Assert.Equal((second.Hash, KeyRole.Operator, "vision search"), (found.Hash, found.Role, string.Join(' ', found.Projects)));
        Assert.True((await keys.FindAsync(first.Id, default))!.Opens(secret));
        Assert.True(await keys.RevokeAsync(first.Id, time.GetUtcNow(), default));
        Assert.False(await keys.RevokeAsync(first.Id, time.GetUtcNow(), default));
        Assert.False((await keys.FindAsync(first.Id, default))!.Opens(secret));
        Assert.True(await keys.AnyAsync(default));
        Assert.Null(await keys.FindAsync("nobody", default));

        // A key that comes with the environment is taken once, and stays revoked.
        var (made, given) = ApiKey.Create(new NewKey("", KeyRole.Admin, []), time.GetUtcNow());
        var taken = ApiKey.Of(given, new NewKey("first key", KeyRole.Admin, []), time.GetUtcNow())!;
        Assert.Equal((made.Id, made.Hash), (taken.Id, taken.Hash));
        Assert.True(await keys.AddOnceAsync(taken, default));
        Assert.False(await keys.AddOnceAsync(taken, default));
        Assert.True(await keys.RevokeAsync(taken.Id, time.GetUtcNow(), default));
        Assert.False(await keys.AddOnceAsync(taken, default));
        Assert.False((await keys.FindAsync(taken.Id, default))!.Opens(given));
        Assert.Null(ApiKey.Of("tuner_admin", new NewKey("first key", KeyRole.Admin, []), time.GetUtcNow()));
        Assert.Null(ApiKey.Of(given[..^1] + "X", new NewKey("first key", KeyRole.Admin, []), time.GetUtcNow()));
    }

    [StoreFact]
    public async Task Audit_entries_come_newest_first_in_pages_that_others_do_not_shift()
    {
        var audit = new AuditStore(await OpenAsync(time));
        var entries = new List<AuditView>();
        for (var number = 0; number < 5; number++)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            entries.Add(new AuditView(Guid.CreateVersion7(time.GetUtcNow()).ToString(), DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()), "me", "vision", "POST /x", $"{number}", 201, "127.0.0.1"));
            await audit.AddAsync(entries[^1], default);
        }

        var page = await audit.ListAsync(null, 2, default);
        await audit.AddAsync(entries[0] with { Id = Guid.CreateVersion7(time.GetUtcNow().AddSeconds(1)).ToString() }, default);

        Assert.Equal(new[] { entries[4], entries[3] }, page.AsEnumerable());
        Assert.Equal(new[] { entries[2], entries[1] }, (await audit.ListAsync(page[^1].Id, 2, default)).AsEnumerable());
    }

    [StoreFact]
    public async Task A_target_is_replaced_under_its_name_and_forgotten()
    {
        var targets = new TargetTemplateStore(await OpenAsync(time));
        var submission = SweepFile.Submitted("small.yaml", SmallTexts.Sweep, "/srv/model", new SubmittedFiles(SmallTexts.Files), SweepTexts.Prices).Submission!;
        await targets.PutAsync("small", submission, time.GetUtcNow(), default);
        await targets.PutAsync("small", submission with { BaseDirectory = "/srv/other" }, time.GetUtcNow(), default);

        var target = Assert.Single(await targets.ListAsync(default));
        Assert.Equal(("small", "/srv/other", "my-server"), (target.Name, target.Submission.BaseDirectory, target.Process.Command[0].Text));
        Assert.True(await targets.DeleteAsync("small", default));
        Assert.False(await targets.DeleteAsync("small", default));
    }

    [StoreFact]
    public async Task A_price_book_is_replaced_under_its_name_and_forgotten()
    {
        var books = new PriceBookStore(await OpenAsync(time));
        await books.PutAsync("prices.yaml", "one", time.GetUtcNow(), default);
        await books.PutAsync("prices.yaml", "two", time.GetUtcNow(), default);

        Assert.Equal("two", await books.FindAsync("prices.yaml", default));
        Assert.Equal("two", Assert.Single(await books.ListAsync(default)).Value);
        Assert.True(await books.DeleteAsync("prices.yaml", default));
        Assert.Null(await books.FindAsync("prices.yaml", default));
    }

    [StoreFact]
    public async Task A_gate_lists_what_is_accepted_with_its_last_night_and_wants_a_search_after_a_failed_one()
    {
        var gate = new GateStore(await OpenAsync(time));
        await gate.AcceptAsync("vision", "digits", SmallSweep.Workers(1), new SweepId("first"), default);
        await gate.AcceptAsync("vision", "digits", SmallSweep.Workers(2), new SweepId("second"), default);
        await gate.AcceptAsync("search", "digits", SmallSweep.Workers(3), new SweepId("third"), default);
        Assert.False(await gate.WantsSearchAsync("vision", "digits", default));
        foreach (var (night, verdict) in new[] { ("n1", GateVerdict.Pass), ("n2", GateVerdict.Fail) })
        {
            time.Advance(TimeSpan.FromDays(1));
            var run = new GateRun
            {
                Sweep = new SweepId(night),
                Project = "vision",
                Name = "digits",
                Candidate = SmallSweep.Workers(2),
                At = time.GetUtcNow(),
                Report = new GateReport(verdict, "because", []),
                Nights = ImmutableSortedDictionary<string, GateNight>.Empty,
            };
            await gate.AddAsync(run, default);
            await gate.AddAsync(run, default);
        }

        var listed = Assert.Single(await gate.ListAsync(["vision"], default));
        Assert.Equal(("digits", "second", "n2", GateVerdict.Fail, "because"), (listed.Name, listed.Accepted.Sweep.Value, listed.LastNight!.Sweep.Value, listed.LastNight.Verdict, listed.LastNight.Reason));
        Assert.Equal(["search", "vision"], (await gate.ListAsync([], default)).Select(each => each.Project));
        Assert.True(await gate.WantsSearchAsync("vision", "digits", default));
        Assert.Equal(["n1", "n2"], (await gate.RunsAsync("vision", "digits", 5, default)).Select(run => run.Sweep.Value));
        await gate.AcceptAsync("vision", "digits", SmallSweep.Workers(3), new SweepId("fourth"), default);
        Assert.False(await gate.WantsSearchAsync("vision", "digits", default));
        Assert.True(await gate.ForgetAsync("vision", "digits", default));
        Assert.False(await gate.ForgetAsync("vision", "digits", default));
    }

    [StoreFact]
    public async Task An_event_waits_for_each_subscription_of_its_project_until_it_is_taken()
    {
        var database = await OpenAsync(time);
        var seal = SecretSeal.Of(database, new StateDirectory("/nowhere"), Convert.ToBase64String(new byte[32]));
        var (subscriptions, outbox) = (new SubscriptionStore(database, seal), new Outbox(database, seal));
        await subscriptions.AddAsync(new Subscription("one", "vision", new Uri("https://one.example/hook"), PayloadKind.Webhook, "planted"), default);
        await subscriptions.AddAsync(new Subscription("two", "search", new Uri("https://two.example/hook"), PayloadKind.Slack, ""), default);
        var told = new NotifiedEvent("e", "gate.fail", "vision", "s", "digits", "worse", time.GetUtcNow());
        await outbox.PutAsync(told, default);
        await outbox.PutAsync(told, default);
        Assert.True(await outbox.PutAsync(told with { Id = "ping" }, "two", default));
        Assert.False(await outbox.PutAsync(told, "nobody", default));

        var due = await outbox.ClaimDueAsync(TimeSpan.FromMinutes(1), 10, default);
        Assert.Equal(["e one", "ping two"], due.Select(each => each.Id).Order(StringComparer.Ordinal));
        Assert.Empty(await outbox.ClaimDueAsync(TimeSpan.FromMinutes(1), 10, default));
        Assert.Equal(("planted", "https://one.example/hook"), due.Where(each => each.Id is "e one").Select(each => (each.Open().Secret, each.Open().Url.AbsoluteUri)).Single());
        await outbox.DeliveredAsync("ping two", default);
        await outbox.FailedAsync("e one", "answered 503", time.GetUtcNow().AddSeconds(5), default);

        Assert.Equal([("one", 1, "answered 503"), ("two", 0, null)], (await subscriptions.ListAsync(default)).Select(each => (each.Id, each.Waiting, each.Problem)).OrderBy(each => each.Id, StringComparer.Ordinal));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, Assert.Single(await outbox.ClaimDueAsync(TimeSpan.FromMinutes(1), 10, default)).Attempt);
        Assert.True(await subscriptions.RemoveAsync("one", default));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await outbox.ClaimDueAsync(TimeSpan.FromMinutes(1), 10, default));
    }
}

public sealed class SqliteOperatorStoreTests() : OperatorStoreContract(new SqlitePlace());

[NeedsPostgres]
public sealed class PostgresOperatorStoreTests() : OperatorStoreContract(new PostgresPlace());
