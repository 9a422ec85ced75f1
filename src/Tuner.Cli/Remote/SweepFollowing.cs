using System.Globalization;
using System.Net;
using System.Text.Json;
using Tuner.Client;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary>Follows a sweep of a service to its end, as lines; connects again where the connection breaks.</summary>
internal sealed class SweepFollowing(TunerClient client, TextWriter output, bool json)
{
    private const int MostBreaks = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private (string State, string? Request, string Reason) standing;
    private bool away;

    /// <returns>What <c>tuner run</c> would exit with; a sweep that was cancelled or failed is inconclusive.</returns>
    public async Task<int> RunAsync(string id, CancellationToken cancellationToken)
    {
        for (var breaks = 0; ; breaks++)
        {
            try
            {
                if (await FollowAsync(id, cancellationToken))
                {
                    break;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TunerApiException { Status: HttpStatusCode.ServiceUnavailable } && breaks < MostBreaks && told.Count > 0)
            {
                // The sweep is stored: whoever serves it goes on with it.
                await TellAwayAsync();
            }

            // Proxies end what is quiet for a minute, as if it were over: only cuts without an event between them are counted.
            breaks = away ? breaks : 0;
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }

        var answer = await client.Api.RecommendationAsync(id, cancellationToken);
        for (var asked = 0; answer.Gate is { Verdict: GateWordView.Pending } && asked < MostBreaks; asked++)
        {
            // The gate judges what has ended.
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            answer = await client.Api.RecommendationAsync(id, cancellationToken);
        }

        await output.WriteAsync(json ? JsonSerializer.Serialize(answer, ApiJson.Options) + "\n" : RemoteText.Of(answer));
        return answer.ExitCode ?? ExitCode.InternalError;
    }

    /// <returns>Whether it has ended, and not only the stream.</returns>
    private async Task<bool> FollowAsync(string id, CancellationToken cancellationToken)
    {
        var ended = false;
        await foreach (var happened in client.WatchAsync(id, cancellationToken))
        {
            away = false;
            var line = json ? JsonSerializer.Serialize(happened, ApiJson.Options) : Line(happened);
            if (line is not null && (happened.Kind is SweepEventView.ProgressKind || told.Add(line)))
            {
                await output.WriteLineAsync(line);
                await output.FlushAsync(cancellationToken);
            }

            ended = happened.Sweep is { HasEnded: true };
        }

        return ended;
    }

    private async Task TellAwayAsync()
    {
        if (!away && !json)
        {
            await output.WriteLineAsync($"The service does not answer. What has happened is stored there; asking again for {MostBreaks * Pause.TotalSeconds:0} s.");
            await output.FlushAsync(CancellationToken.None);
        }

        away = true;
    }

    private string? Line(SweepEventView happened) => happened switch
    {
        { Trial: { } trial } => RemoteText.Of(trial),
        { Sweep: { } sweep } => Line(sweep),
        { Note: { } note } => note,
        _ => null,
    };

    /// <summary>State and reason where they are news; how far it has come otherwise.</summary>
    private string? Line(SweepView sweep)
    {
        var before = standing;
        standing = (sweep.State, sweep.Request, sweep.Reason);
        return standing != before ? RemoteText.Of(sweep)
            : sweep.Progress is { } progress ? $"{sweep.Id}  {RemoteText.Of(progress)}"
            : null;
    }
}
