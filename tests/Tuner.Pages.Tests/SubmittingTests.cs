using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tuner.Pages.Tests;

/// <summary>From a definition to a running sweep, as a person does it.</summary>
public sealed class SubmittingTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(700);

    [BrowserFact]
    public async Task A_bad_definition_shows_its_errors_at_their_lines_and_starts_nothing()
    {
        await using var site = await Site.StartAsync(Pace);
        var page = await browser.OpenAsync(site.Url);
        await page.GotoAsync($"{site.Url}submit");
        await page.GetByLabel("Definition (YAML)").FillAsync(Texts.Bad);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check and plan" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("error");
        await Expect(page.Locator("#line-1")).ToContainTextAsync("metdata");
        await Expect(page.Locator("#line-1 .problem")).ToContainTextAsync("metadata");
        await Expect(page.Locator("#line-13 .problem")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Definition (YAML)")).ToHaveValueAsync(Texts.Bad);
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start this sweep" })).ToHaveCountAsync(0);
        await Browser.KeepAsync(page, "submit-errors");
        Assert.Empty(await Accessibility.ViolationsAsync(page));

        await page.GotoAsync($"{site.Url}sweeps");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("No sweep was submitted yet.");
    }

    [BrowserFact]
    public async Task A_good_definition_is_planned_started_and_followed_to_its_report()
    {
        await using var site = await Site.StartAsync(Pace);
        var page = await browser.OpenAsync(site.Url);
        await page.GotoAsync($"{site.Url}submit");
        await page.GetByLabel("Definition (YAML)").FillAsync(Texts.Sweep);
        await page.GetByLabel("Files").SetInputFilesAsync(new FilePayload { Name = "body.json", MimeType = "application/json", Buffer = "{}"u8.ToArray() });
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check and plan" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "The plan" })).ToBeVisibleAsync();
        await Expect(page.GetByText("5 to choose from")).ToBeVisibleAsync();
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Browser.KeepAsync(page, "submit-plan");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Start this sweep" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/sweeps/small-"));
        await Expect(page.Locator("#status")).ToContainTextAsync("running");
        await Expect(page.Locator("#progress tbody tr").Nth(2)).ToBeVisibleAsync();
        await Browser.KeepAsync(page, "sweep-live");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Use this configuration (verified)" })).ToBeVisibleAsync();
        await Expect(page.Locator("#status")).ToContainTextAsync("finished");
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Browser.KeepAsync(page, "sweep-finished");

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Report", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Side by side" })).ToBeVisibleAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("workers=4");
        await Expect(page.Locator("#trials tbody tr").First).ToBeVisibleAsync();
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        Assert.DoesNotContain(Texts.Secret, await page.ContentAsync(), StringComparison.Ordinal);
        await Browser.KeepAsync(page, "report");
    }

    [BrowserFact]
    public async Task Without_script_everything_works_but_the_liveness()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromMinutes(2));
        var page = await browser.OpenAsync(site.Url);
        await page.RouteAsync("**/*.js", route => route.AbortAsync());
        var id = await site.SubmitAsync();
        await page.GotoAsync($"{site.Url}sweeps/{id}");

        await Expect(page.GetByText("load it again for news")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Cancel…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel it for good" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($"/sweeps/{id}$"));
    }
}
