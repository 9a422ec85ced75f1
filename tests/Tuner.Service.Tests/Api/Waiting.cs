using Tuner.Client;
using Tuner.Core.Api;

namespace Tuner.Service.Tests.Api;

/// <summary>Waits for a sweep of a service, by its events.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task<SweepView> EndOfAsync(this TunerClient client, string id) => client.UntilAsync(id, sweep => sweep.State is "finished" or "cancelled" or "failed");

    public static async Task<SweepView> UntilAsync(this TunerClient client, string id, Func<SweepView, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var happened in client.WatchAsync(id, patience.Token))
        {
            if (happened.Sweep is { } sweep && condition(sweep))
            {
                return sweep;
            }
        }

        throw new InvalidOperationException($"{id} ended otherwise: {(await client.Api.SweepAsync(id, CancellationToken.None)).State}");
    }
}
