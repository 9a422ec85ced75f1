using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>The pages of the service: what they need, and where they are.</summary>
public static class PageRoutes
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("tuner");
        services.AddOptions<KeyManagementOptions>().Configure<Database>((keys, database) => keys.XmlRepository = new StoredPageKeys(database));
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
        services.AddHostedService<FirstPages>();
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
