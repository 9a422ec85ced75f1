using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tuner.Load.Portable;
using Tuner.Service.Submitting;

namespace Tuner.Service.Notifications;

/// <summary>Registers what tells others of events.</summary>
public static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<Outbox>();
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton(provider => new Courier(
            provider.GetRequiredService<Outbox>(),
            new HttpClient(Wire(provider.GetService<OperatorRules>() ?? new OperatorRules())),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Courier>>()));
        return services;
    }

    /// <summary>Connects to addresses that the operator allowed, judged after the name was resolved; follows nobody elsewhere, through no proxy.</summary>
    internal static SocketsHttpHandler Wire(OperatorRules rules) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = (context, cancellationToken) => JudgedConnection.OpenAsync(context.DnsEndPoint, rules.MayNotify, cancellationToken),
    };
}
