using Microsoft.Playwright;

namespace Tuner.Pages.Tests;

/// <summary>What somebody without a mouse does.</summary>
internal static class Keys
{
    /// <summary>Presses Tab until the link or button has the focus, and shows that it has: whoever has no mouse comes there.</summary>
    public static async Task FocusAsync(IPage page, string name)
    {
        for (var presses = 0; presses < 200; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''") == name)
            {
                Assert.True(await page.EvaluateAsync<bool>("() => parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"), $"'{name}' does not show that it has the focus.");
                return;
            }
        }

        Assert.Fail($"The keyboard does not reach '{name}'.");
    }

    public static async Task PressAsync(IPage page, string name)
    {
        await FocusAsync(page, name);
        await page.Keyboard.PressAsync("Enter");
    }
}
