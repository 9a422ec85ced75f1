using System.Globalization;
using Microsoft.Playwright;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;
using Tuner.Testing.Sweeps;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Tuner.Pages.Tests;

/// <summary>A sweep of two thousand trials stays something that one can look at while it runs.</summary>
public sealed class LargeSweepTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    private const int Trials = 2_000;
    private const string Id = "large-1";

    [BrowserFact]
    public async Task Two_thousand_trials_are_usable_soon_after_the_first_byte_and_move_once_a_second_at_most()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromSeconds(60), FillAsync);
        var page = await browser.OpenAsync(site.Url);
        await page.GotoAsync($"{site.Url}sweeps/{Id}", new PageGotoOptions { WaitUntil = WaitUntilState.Load });

        var byteToUsable = await page.EvaluateAsync<double>("() => { const [times] = performance.getEntriesByType('navigation'); return times.domContentLoadedEventEnd - times.responseStart; }");
        var wait = await page.EvaluateAsync<double>("() => performance.getEntriesByType('navigation')[0].responseStart");
        var size = await page.EvaluateAsync<int>("() => performance.getEntriesByType('navigation')[0].decodedBodySize");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first byte after {wait:0} ms, usable {byteToUsable:0} ms later, {size:N0} bytes"));
        await Expect(page.Locator("#progress tbody tr")).ToHaveCountAsync(50);
        Assert.InRange(size, 10_000, 1_000_000);

        // The requirement is one second; the machine that runs this may have much else to do.
        Assert.InRange(byteToUsable, 0, 4_000);

        var swaps = await page.EvaluateAsync<int>(
            "async () => { let swaps = 0; new MutationObserver(() => swaps++).observe(document.getElementById('status'), { childList: true }); await new Promise(done => setTimeout(done, 4000)); return swaps; }");
        Assert.InRange(swaps, 0, 5);
        await Browser.KeepAsync(page, "sweep-of-2000", whole: false);
    }

    private static async Task FillAsync(Database database)
    {
        var stores = new SweepStores(database);
        var text = Texts.Sweep.Replace("name: small", "name: large", StringComparison.Ordinal)
            .Replace("{ values: [1, 2, 3, 4, 6] }", "{ type: int, min: 1, max: 4000 }", StringComparison.Ordinal)
            .Replace("strategy: grid", "strategy: random", StringComparison.Ordinal)
            .Replace("trials: 20", "trials: 4000", StringComparison.Ordinal);
        var reading = SweepFile.Submitted("large.yaml", text, "/srv/model", new SubmittedFiles(Texts.Files), ShippedPrices.Load());
        Assert.Empty(reading.Errors);
        var start = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var stored = new StoredSweep
        {
            Id = new SweepId(Id), Name = "large", Fingerprint = reading.Sweep!.Fingerprint, State = SweepState.Queued, Reason = "submitted",
            CreatedAt = start, ChangedAt = start, SeenAt = start,
        };
        Assert.True(await stores.Sweeps.AddSweepAsync(stored, reading.Submission!.ToJson(), CancellationToken.None));
        var claim = (await stores.Claims.ClaimAsync(stored.Id, "test", TimeSpan.FromMinutes(10), CancellationToken.None))!;
        for (var number = 1; number <= Trials; number++)
        {
            await AddAsync(stores.Sweeps, claim, number, start);
        }

        Assert.True(await stores.Sweeps.EndWorkAsync(claim, SweepState.Queued, "handed on", null, CancellationToken.None));
    }

    private static async Task AddAsync(ISweepStore store, SweepClaim claim, int number, DateTimeOffset start)
    {
        // The baseline first, as ever; then everybody has another number of workers.
        var workers = number == 1 ? 6 : number <= 6 ? number - 1 : number;
        var trial = new Trial
        {
            Id = new TrialId(string.Create(CultureInfo.InvariantCulture, $"{Id}-{number}")),
            Number = number,
            Candidate = new Candidate([KeyValuePair.Create("workers", ParameterValue.Of(workers)), KeyValuePair.Create("instanceType", ParameterValue.Of("sample-half"))]),
            Purpose = number == 1 ? TrialPurpose.Baseline : TrialPurpose.Search,
            State = new TrialState.Pending(),
            CreatedAt = start,
            ChangedAt = start,
        };
        Assert.True(await store.AddTrialAsync(claim, trial, "next at random", CancellationToken.None));
        var measurement = SmallSweep.Steady(milliseconds: 40 + (number % 97)) with { StartedAt = start };
        foreach (var state in new TrialState[] { new TrialState.Deploying(), new TrialState.Measuring(), new TrialState.Measured(measurement) })
        {
            var next = trial with { State = state, Deployed = TimeSpan.FromSeconds(25) };
            Assert.True(await store.ChangeTrialAsync(claim, trial, next, "next", CancellationToken.None));
            trial = next;
        }
    }
}
