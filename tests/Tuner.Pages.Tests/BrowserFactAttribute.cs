namespace Tuner.Pages.Tests;

/// <summary>A test in a real browser, Debian's Chromium; skipped where there is none.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (!File.Exists(Browser.Chromium))
        {
            Skip = $"{Browser.Chromium} is missing: apt-get install chromium.";
        }
    }
}
