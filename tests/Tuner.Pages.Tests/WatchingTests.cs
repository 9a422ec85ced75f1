using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tuner.Pages.Tests;

/// <summary>Looking at sweeps, stopping one, comparing two.</summary>
public sealed class WatchingTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task Cancelling_asks_first_and_then_cancels()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromSeconds(30));
        var page = await browser.OpenAsync(site.Url);
        var id = await site.SubmitAsync();
        await page.GotoAsync($"{site.Url}sweeps/{id}");
        await Expect(page.Locator("#status")).ToContainTextAsync("today's configuration, measured first");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Cancel…" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync($"Cancel {id}?");
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Browser.KeepAsync(page, "cancel");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel it for good" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($"/sweeps/{id}$"));
        await Expect(page.Locator("#status")).ToContainTextAsync("cancelled");
    }

    [BrowserFact]
    public async Task Pausing_holds_a_sweep_until_it_is_resumed()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromMilliseconds(1500));
        var page = await browser.OpenAsync(site.Url);
        var id = await site.SubmitAsync();
        await page.GotoAsync($"{site.Url}sweeps/{id}/pause");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Pause it" }).ClickAsync();
        await Expect(page.Locator("#status .state")).ToContainTextAsync("paused");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Resume…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Resume it" }).ClickAsync();

        await Expect(page.Locator("#status .state")).Not.ToContainTextAsync("paused");
    }

    [BrowserFact]
    public async Task Two_sweeps_are_compared_and_a_trial_is_read_with_the_keyboard_alone()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromMilliseconds(20));
        var page = await browser.OpenAsync(site.Url);
        var (one, two) = (await site.SubmitAsync(), await site.SubmitAsync());
        foreach (var id in new[] { one, two })
        {
            await page.GotoAsync($"{site.Url}sweeps/{id}");
            await Expect(page.Locator("#status")).ToContainTextAsync("finished");
        }

        await page.GotoAsync($"{site.Url}sweeps");
        await Browser.KeepAsync(page, "sweeps");
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Keys.FocusAsync(page, "Compare");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Compare two sweeps");
        await page.GetByLabel("Before").FocusAsync();
        await page.Keyboard.TypeAsync(one);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(two);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("The same winner, at the same")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Both asked the same question" })).ToBeVisibleAsync();
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Browser.KeepAsync(page, "compare");

        await page.GotoAsync($"{site.Url}sweeps/{one}");
        await Keys.FocusAsync(page, "Trial 2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToContainTextAsync("Trial 2");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "How it was started" })).ToBeVisibleAsync();
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        Assert.DoesNotContain(Texts.Secret, await page.ContentAsync(), StringComparison.Ordinal);
        await Browser.KeepAsync(page, "trial");
    }

    [BrowserFact]
    public async Task Pages_fit_narrow_and_dark_screens()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromMilliseconds(20));
        var page = await browser.OpenAsync(site.Url);
        var id = await site.SubmitAsync();
        await page.GotoAsync($"{site.Url}sweeps/{id}");
        await Expect(page.Locator("#status")).ToContainTextAsync("finished");
        foreach (var path in new[] { "sweeps", $"sweeps/{id}", $"sweeps/{id}/report", $"sweeps/{id}/trials/1", "submit", "compare", "schedules", "sweeps/nothing", "sweeps/nothing/trials/1", "schedules/nothing" })
        {
            await page.SetViewportSizeAsync(360, 740);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
            await page.GotoAsync(site.Url + path);
            Assert.Empty((await Accessibility.ViolationsAsync(page)).Select(violation => $"{path}: {violation}"));
            await Browser.KeepAsync(page, $"narrow-{path.Split('/')[^1].Replace(id, "sweep", StringComparison.Ordinal)}", whole: false);
        }
    }
}
