using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using static Tuner.Core.Sweeps.SweepText;

namespace Tuner.Core.Sweeps;

/// <summary>
/// The hash by which two submissions are known to ask the same question. It is taken over the resolved sweep, so that
/// comments, formatting, the order of keys and written-out defaults do not matter; labels and the schedule are not part
/// of the question either.
/// </summary>
public static class SweepFingerprint
{
    // Raised whenever the text changes its meaning, so that old and new hashes never agree by chance.
    private const string Version = "tuner-fingerprint/1";

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Of(Sweep sweep)
    {
        var text = new StringBuilder();
        Put(text, "format", Version);
        Put(text, "name", sweep.Name);
        PutTarget(text, sweep.Target);
        PutSpace(text, sweep.Space);
        Put(text, "baseline", sweep.Baseline is { } baseline ? Sorted(baseline) : "");
        PutLoad(text, sweep.Load);
        PutSlos(text, sweep);
        Put(text, "objective", sweep.Objective.ToString());
        if (sweep.Minimized is { } minimized)
        {
            Put(text, "minimized", minimized);
        }

        PutCost(text, sweep.Cost);
        Put(text, "search", sweep.Search.Strategy, sweep.Search.Seed.ToString(CultureInfo.InvariantCulture));
        if (!sweep.Search.WarmStart)
        {
            Put(text, "cold start");
        }

        if (sweep.Search.Screening is { } screening)
        {
            Put(text, "screening", Ticks(screening));
        }

        if (sweep.Search.Patience is not null || sweep.Search.Goal is not null)
        {
            Put(text, "ends", sweep.Search.Patience?.ToString(CultureInfo.InvariantCulture) ?? "", sweep.Search.Goal?.ToString(CultureInfo.InvariantCulture) ?? "");
        }

        Put(text, "measurement", sweep.Measurement.ToString());
        Put(text, "budget", sweep.Budget.ToString());
        Put(text, "verification", sweep.Verification.ToString());
        if (sweep.Envelope)
        {
            Put(text, "envelope", "true");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
