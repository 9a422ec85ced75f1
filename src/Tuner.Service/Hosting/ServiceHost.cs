using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Service.Access;
using Tuner.Service.Api;
using Tuner.Service.Definitions;
using Tuner.Service.Engine;
using Tuner.Service.Notifications;
using Tuner.Service.Pages;
using Tuner.Service.Reports;
using Tuner.Service.Schedules;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;
using Tuner.Service.Telemetry;

namespace Tuner.Service.Hosting;

/// <summary>Puts the service together: engine, REST API, pages, access.</summary>
public static class ServiceHost
{
    /// <summary>The service, not started yet. Takes nothing from configuration files or the environment but what the options say.</summary>
    /// <param name="more">Registers what shall take the place of a part.</param>
    public static WebApplication Build(ServiceOptions options, Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(ServiceHost).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Listen(options.Listen.Address, options.Listen.Port);
        });
        ServiceLog.Configure(builder.Logging, options.JsonLogs);
        var services = builder.Services;
        more?.Invoke(services);

        // Before the engine, whose own rules are those of tuner run.
        services.AddSingleton<IStoredAdmission, PresentRules>();
        services.AddSweepEngine(options.Database, options.Engine with { Local = options.Engine.Local with { MayLoad = options.Rules.MayLoad } }).AddSweepWorker();
        services.AddScheduleClock(options.Database, new StateDirectory(options.Engine.Local.StateDirectory)).AddTelemetry(options.Collector);
        AddApi(services, options);
        services.AddPages();
        AddAccess(services, options);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.Use(UnreadRequests.RefuseNulAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<AuditTrail>();
        app.UseAuthorization();
        app.MapTuner();
        app.MapPages();
        return app;
    }

    private static void AddApi(IServiceCollection services, ServiceOptions options)
    {
        services.Configure<JsonOptions>(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = options.MaxBodyBytes);
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = UnroutedProblems.Describe);
        services.AddExceptionHandler<ApiFailures>();
        services.AddOpenApi("v1", ApiDocument.Configure);
        services.AddRateLimiter(limits => RateLimits.Configure(limits, options.RequestsPerMinute));
        services.TryAddSingleton(_ => ShippedPrices.Load());
        services.AddSingleton(SweepPreparation.CapacityOf(options.Engine.Local.Machine));
        services.AddSingleton(options.Rules);
        services.AddSingleton<SubscriptionCheck>();
        services.AddSingleton<PriceBookStore>();
        services.AddSingleton<TargetTemplateStore>();
        services.AddSingleton<IAdmission, Admission>();
        services.AddSingleton<SweepReception>();
        services.AddSingleton<SweepLibrary>();
        services.AddSingleton<SweepLookup>();
        services.AddSingleton<SweepWatch>();
        services.AddSingleton<ReportHistory>();
        services.AddSingleton<StoredReports>();
    }

    private static void AddAccess(IServiceCollection services, ServiceOptions options)
    {
        services.AddSingleton(new AccessOptions { KeysOnly = !options.Listen.IsLoopback });
        services.AddSingleton<KeyStore>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<AuditTrail>();

        // Without the data protection that AddAuthentication brings: nothing here is encrypted, so no key ring is kept in a home folder.
        services.AddWebEncoders();
        services.AddAuthenticationCore(authentication => authentication.DefaultScheme = KeyAuthentication.SchemeName);
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null);
        services.AddAuthorization(Policies.Add);
    }
}
