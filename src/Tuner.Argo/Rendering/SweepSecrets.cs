using System.Text;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Argo.Rendering;

/// <summary>The secret values that a sweep's load and manifest hold, so that they can be hidden wherever they turn up again, as in a log.</summary>
public static class SweepSecrets
{
    /// <summary>Long bodies are data.</summary>
    private const int LookedAt = 65_536;

    /// <summary>Shorter ones are words, and would be hidden out of the middle of others.</summary>
    private const int Shortest = 6;

    public static IEnumerable<string> Of(Sweep sweep) => Values(sweep).Where(value => value.Length >= Shortest);

    private static IEnumerable<string> Values(Sweep sweep) =>
    [
        .. sweep.Load.Request.Headers.Where(header => SecretNames.Contain(header.Key)).SelectMany(header => new[] { header.Value, header.Value.Split(' ')[^1] }),
        .. sweep.Reported.Select(number => number.Path).Append(sweep.Load.Request.Path).SelectMany(SecretAddresses.Keys),
        .. sweep.Load.Request.Bodies.SelectMany(body => ClearSecrets.Settings(Encoding.UTF8.GetString(body.Content.Span[..Math.Min(LookedAt, body.Content.Length)]))),
        .. Rendered(sweep),
    ];

    /// <summary>What a trial would keep in its Secret.</summary>
    private static IEnumerable<string> Rendered(Sweep sweep)
    {
        if (sweep.Target is not Target.Argo { Source: ArgoSource.Manifest } || Any(sweep) is not { } candidate)
        {
            return [];
        }

        try
        {
            return TrialWorkflow.OfFirst(sweep, candidate).Secret?["stringData"].Texts().Where(pair => pair.Key.StartsWith("env.", StringComparison.Ordinal)).Select(pair => pair.Value).ToArray() ?? [];
        }
        catch (RenderingException)
        {
            return [];
        }
    }

    private static Candidate? Any(Sweep sweep) => sweep.Baseline
        ?? (sweep.Space.Combinations is null ? sweep.Space.At([.. sweep.Space.Parameters.Select(_ => 0.5)]) : sweep.Space.Enumerate().FirstOrDefault());
}
