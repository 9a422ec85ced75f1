using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tuner.Service.Definitions;
using Tuner.Service.Schedules;
using Tuner.Service.Storage;
using static Microsoft.Playwright.Assertions;

namespace Tuner.Pages.Tests;

/// <summary>What runs every night: made, read, paused and run by hand, in a real browser.</summary>
public sealed class SchedulesTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task A_definition_with_a_schedule_becomes_one_that_is_paused_and_resumed_after_a_question()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromSeconds(30), RegisterAsync);
        var page = await browser.OpenAsync(site.Url);
        await page.GotoAsync($"{site.Url}submit");
        await page.GetByLabel("Definition (YAML)").FillAsync(Texts.Nightly);
        await page.GetByLabel("Files").SetInputFilesAsync(new FilePayload { Name = "body.json", MimeType = "application/json", Buffer = "{}"u8.ToArray() });
        await PressAsync(page, "Check and plan");
        await PressAsync(page, "Schedule it");

        await Expect(page).ToHaveURLAsync(new Regex("/schedules/nightly$"));
        await Expect(page.Locator("ol.times li")).ToHaveCountAsync(10);
        await Expect(page.Locator("ol.times li").First).ToContainTextAsync("02:00");
        Assert.Empty(await Accessibility.ViolationsAsync(page));

        await FollowAsync(page, "Pause…");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Pause nightly?");
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await PressAsync(page, "Pause it");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Were it not paused, it would run" })).ToBeVisibleAsync();
        await page.GotoAsync($"{site.Url}schedules");
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("paused");
        await page.GotoAsync($"{site.Url}schedules/nightly");
        await Keys.PressAsync(page, "Resume…");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Resume nightly?");
        await Keys.FocusAsync(page, "No, go back");
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Next runs" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("It has not run yet.");
    }

    [BrowserFact]
    public async Task Nights_stand_with_their_verdicts_and_the_night_that_got_worse_is_marked()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromMilliseconds(4), RegisterAsync);
        await site.Part<ScheduledSweeps>().PutAsync(Reading(), StoredSweep.DefaultProject, CancellationToken.None);
        var page = await browser.OpenAsync(site.Url);
        var slowdowns = new[] { 1.0, 1.0, 1.0, 1.6 };
        var words = new[] { "", "warning", "pass", "FAIL" };
        for (var night = 0; night < slowdowns.Length; night++)
        {
            site.Runner.Slowdown = slowdowns[night];
            await page.GotoAsync($"{site.Url}schedules/nightly/run");
            await PressAsync(page, "Run it now");
            await Expect(page.Locator("tbody tr")).ToHaveCountAsync(night + 1);
            await EndedAsync(page, words[night]);
        }

        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("a run asks only whether it still holds");
        await Expect(page.Locator("svg.chart")).ToHaveCountAsync(2);
        await Expect(page.Locator("main")).ToContainTextAsync("the gate fails: 'p99 latency <= 100ms'");
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Browser.KeepAsync(page, "schedule");
        await OnOtherSheetsAsync(page);
        await page.GotoAsync($"{site.Url}schedules");
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("FAIL");
        await Browser.KeepAsync(page, "schedules");
        Assert.Empty(await Accessibility.ViolationsAsync(page));

        await page.Locator("tbody tr a[href^='/sweeps/']").ClickAsync();
        await FollowAsync(page, "Report");
        await Expect(page.Locator("main")).ToContainTextAsync("Earlier sweeps of this name");
        await Expect(page.Locator("main")).ToContainTextAsync("the gate fails: 'p99 latency <= 100ms'");
    }

    /// <summary>The same page on a telephone and on paper.</summary>
    private static async Task OnOtherSheetsAsync(IPage page)
    {
        var (wide, high) = (page.ViewportSize!.Width, page.ViewportSize.Height);
        await page.SetViewportSizeAsync(360, 740);
        Assert.Empty((await Accessibility.ViolationsAsync(page)).Select(violation => $"narrow: {violation}"));
        await Browser.KeepAsync(page, "narrow-schedule");

        await page.SetViewportSizeAsync(wide, high);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.Empty((await Accessibility.ViolationsAsync(page)).Select(violation => $"paper: {violation}"));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('nav, .actions')].filter(item => item.getBoundingClientRect().height > 0).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('table, svg.chart')].filter(item => item.getBoundingClientRect().height === 0).length"));
        await Browser.KeepAsync(page, "paper-schedule");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
    }

    /// <summary>A finished sweep's page is kept, and the gate speaks a moment after: the page is loaded until both stand there.</summary>
    private static async Task EndedAsync(IPage page, string gate)
    {
        const int most = 100;
        var row = "";
        for (var loads = 0; loads < most; loads++)
        {
            row = await page.Locator("tbody tr").First.InnerTextAsync();
            if (row.Contains("finished", StringComparison.Ordinal) && row.Contains(gate, StringComparison.Ordinal))
            {
                return;
            }

            await page.ReloadAsync();
        }

        Assert.Fail($"The night did not end with '{gate}': {row}");
    }

    private static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name }).ClickAsync();

    private static Task FollowAsync(IPage page, string name) => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    private static Task RegisterAsync(Database database) =>
        new TargetTemplateStore(database).PutAsync("nightly", Reading().Submission!, TimeProvider.System.GetUtcNow(), CancellationToken.None);

    private static SweepReading Reading() => SweepFile.Submitted("nightly.yaml", Texts.Nightly, "/srv/model", new SubmittedFiles(Texts.Files), ShippedPrices.Load());
}
