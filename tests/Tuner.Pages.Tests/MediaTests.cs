using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Tuner.Pages.Tests;

/// <summary>On paper, in the dark, and where the reader's own colours replace ours.</summary>
public sealed class MediaTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserFact]
    public async Task Pages_say_the_same_on_paper_in_the_dark_and_in_forced_colours()
    {
        await using var site = await Site.StartAsync(TimeSpan.FromMilliseconds(20));
        var page = await browser.OpenAsync(site.Url);
        var id = await site.SubmitAsync();
        await page.GotoAsync($"{site.Url}sweeps/{id}");
        await Expect(page.Locator("#status")).ToContainTextAsync("finished");
        var media = new (string Name, PageEmulateMediaOptions Options)[]
        {
            ("paper", new PageEmulateMediaOptions { Media = Media.Print, ColorScheme = ColorScheme.Dark, ForcedColors = ForcedColors.None }),
            ("dark", new PageEmulateMediaOptions { Media = Media.Screen, ColorScheme = ColorScheme.Dark, ForcedColors = ForcedColors.None }),
            ("forced", new PageEmulateMediaOptions { Media = Media.Screen, ColorScheme = ColorScheme.Light, ForcedColors = ForcedColors.Active }),
        };
        foreach (var path in new[] { $"sweeps/{id}/report", $"sweeps/{id}", $"sweeps/{id}/trials/1", "sweeps", "submit", "schedules", "compare" })
        {
            await page.GotoAsync(site.Url + path);
            foreach (var (name, options) in media)
            {
                await page.EmulateMediaAsync(options);
                Assert.Empty((await Accessibility.ViolationsAsync(page)).Select(violation => $"{path} ({name}): {violation}"));
                Assert.Empty((await WithoutWordsAsync(page)).Select(mark => $"{path} ({name}): only colour or shape tells {mark}"));
                await Browser.KeepAsync(page, $"{name}-{path.Split('/')[^1].Replace(id, "sweep", StringComparison.Ordinal)}");
            }
        }

        await page.GotoAsync($"{site.Url}sweeps/{id}/report");
        await page.EmulateMediaAsync(media[0].Options);
        Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('button:not(th button), nav, form')].filter(item => item.getBoundingClientRect().height > 0).length"));
        Assert.Equal("", await page.EvaluateAsync<string>("() => [...document.querySelectorAll('thead th')].filter(item => item.textContent.trim() && !item.innerText.trim()).map(item => item.textContent).join()"));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('table, svg.chart')].filter(item => item.getBoundingClientRect().height === 0).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('.scroll')].filter(item => getComputedStyle(item).overflowX !== 'visible').length"));
    }

    /// <summary>Marks, states and badges that have a sign or a colour, but no word.</summary>
    private static async Task<string[]> WithoutWordsAsync(IPage page) => await page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('.mark, .state, .badge')].filter(item => !/[a-z]{2}/i.test(item.textContent)).map(item => item.outerHTML)");
}
