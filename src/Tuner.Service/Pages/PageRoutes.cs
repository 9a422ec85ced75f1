using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Tuner.Service.Pages;

/// <summary>The pages of the service: what they need, and where they are.</summary>
public static class PageRoutes
{
    /// <param name="stateFolder">Keeps the keys that sign antiforgery tokens, so that a page outlives a restart of the service.</param>
    public static IServiceCollection AddPages(this IServiceCollection services, string stateFolder)
    {
        services.AddDataProtection().SetApplicationName("tuner").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(stateFolder, "page-keys")));
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "tuner_form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.HttpOnly = true;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<PageFrames>();
        services.AddSingleton<SweepSnapshots>();
        services.AddSingleton<LiveSweep>();
        return services;
    }

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/", () => TypedResults.Redirect("/sweeps"));
        pages.MapAssets();
        pages.MapSweepPages();
        pages.MapControlPages();
        pages.MapSubmitPages();
        pages.MapComparePages();
        pages.MapSchedulePages();
        pages.MapSignInPages();
    }
}
