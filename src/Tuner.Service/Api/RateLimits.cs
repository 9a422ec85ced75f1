using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Tuner.Service.Access;

namespace Tuner.Service.Api;

/// <summary>How much one caller may ask for: requests by the minute, streams at the same time.</summary>
internal static class RateLimits
{
    public const string Streams = "streams";
    private const int MostStreams = 20;

    public static void Configure(RateLimiterOptions options, int requestsPerMinute)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = requestsPerMinute,
            TokensPerPeriod = Math.Max(1, requestsPerMinute / 60),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
        options.AddPolicy(Streams, context => RateLimitPartition.GetConcurrencyLimiter(CallerOf(context), _ => new ConcurrencyLimiterOptions { PermitLimit = MostStreams, QueueLimit = 0 }));
        options.OnRejected = async (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Problems.Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests",
                $"One caller may send {requestsPerMinute} requests a minute and follow {MostStreams} sweeps at once. Wait as long as Retry-After says.").ExecuteAsync(rejected.HttpContext);
        };
    }

    // By the id that a key names, not by its secret, which stays unread here; a wrong key shares the address's allowance.
    private static string CallerOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true, Name: { } name } ? name : (context.Connection.RemoteIpAddress ?? IPAddress.None).ToString();
}
