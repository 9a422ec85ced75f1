using Microsoft.Playwright;

namespace Tuner.Pages.Tests;

/// <summary>One Chromium for all tests of a class. It talks to this machine only, and keeps screenshots where a person can look at them.</summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Chromium = "/usr/bin/chromium";

    /// <summary>In milliseconds: the machine that runs this may have much else to do.</summary>
    private const float Patience = 60_000;

    private static readonly string[] Quiet =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly string profile = Directory.CreateTempSubdirectory("tuner-browser-").FullName;
    private IPlaywright? playwright;
    private IBrowserContext? context;

    /// <summary>Screenshots of the last run: <c>artifacts/pages</c> beside the solution.</summary>
    public static string Screenshots { get; } = Directory.CreateDirectory(Path.Combine(Root(), "artifacts", "pages")).FullName;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        context = await playwright.Chromium.LaunchPersistentContextAsync(profile, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = Chromium,
            Args = Quiet,
            Headless = true,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
    }

    /// <summary>A page of its own, without the cookies of the test before. Whatever it asks of another machine fails the test that asks.</summary>
    public async Task<IPage> OpenAsync(Uri site)
    {
        await context!.ClearCookiesAsync();
        var page = await context.NewPageAsync();
        await page.RouteAsync(url => !url.StartsWith(site.ToString(), StringComparison.Ordinal) && !url.StartsWith("data:", StringComparison.Ordinal), route => route.AbortAsync());
        return page;
    }

    public static Task KeepAsync(IPage page, string name, bool whole = true) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = whole });

    public async Task DisposeAsync()
    {
        if (context is not null)
        {
            await context.CloseAsync();
        }

        playwright?.Dispose();
        Directory.Delete(profile, recursive: true);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Tuner.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("There is no Tuner.sln above the tests.");
        }

        return folder.FullName;
    }
}
