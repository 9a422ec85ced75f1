using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Tuner.Service.Engine;

namespace Tuner.Service.Telemetry;

/// <summary>Registers traces and metrics, and sends them over OTLP where an address is named.</summary>
internal static class TelemetryServices
{
    private const string WebSource = "Microsoft.AspNetCore";
    private const string WebMeter = "Microsoft.AspNetCore.Hosting";

    /// <param name="collector">The collector's OTLP address over HTTP, <c>http://127.0.0.1:4318</c>; null sends nothing.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, Uri? collector)
    {
        services.AddSingleton<TunerMeter>();
        services.AddSingleton<SweepSpans>();
        services.AddHostedService(provider => provider.GetRequiredService<SweepSpans>());
        Decorate(services);
        if (collector is not null)
        {
            // Made with the host and flushed with it: the container disposes what it made.
            services.AddSingleton(_ => Traces(collector));
            services.AddSingleton(_ => Metrics(collector));
            services.AddHostedService<TelemetryStart>();
        }

        return services;
    }

    // The runners as they are registered so far, seen from outside.
    private static void Decorate(IServiceCollection services)
    {
        var inner = services.Last(service => service.ServiceType == typeof(ITrialRunners));
        services.Remove(inner);
        services.AddSingleton<ITrialRunners>(provider => new ObservedRunners(
            (ITrialRunners)(inner.ImplementationInstance ?? inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)),
            provider.GetRequiredService<SweepSpans>(),
            provider.GetRequiredService<TunerMeter>(),
            provider.GetRequiredService<ILogger<ObservedRunner>>()));
    }

    private static TracerProvider Traces(Uri collector) => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(Describe)
        .AddSource(SweepSpans.SourceName, WebSource)
        .AddOtlpExporter(otlp => Configure(otlp, collector, "v1/traces"))
        .Build();

    private static MeterProvider Metrics(Uri collector) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(Describe)
        .AddMeter(TunerMeter.Name, WebMeter)
        .AddOtlpExporter((otlp, _) => Configure(otlp, collector, "v1/metrics"))
        .Build();

    private static void Describe(ResourceBuilder resource) => resource.AddService("tuner", serviceInstanceId: NodeIdentity.Current);

    private static void Configure(OtlpExporterOptions otlp, Uri collector, string path) =>
        (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(new Uri(collector.AbsoluteUri.TrimEnd('/') + "/"), path));
}
