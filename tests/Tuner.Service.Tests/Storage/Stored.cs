using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Storage;

namespace Tuner.Service.Tests.Storage;

/// <summary>Sweeps and trials as the contracts store them.</summary>
internal static class Stored
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static StoredSweep ASweep(string id) => new()
    {
        Id = new SweepId(id),
        Name = "name of " + id,
        Fingerprint = "aa",
        State = SweepState.Queued,
        Reason = "submitted",
        CreatedAt = Noon,
        ChangedAt = Noon,
        SeenAt = Noon,
    };

    public static Trial ATrial(int number) => new()
    {
        Id = new TrialId($"one-{number}"),
        Number = number,
        Candidate = new Candidate([KeyValuePair.Create("workers", ParameterValue.Of(2)), KeyValuePair.Create("ratio", ParameterValue.Of("0.10"))]),
        Purpose = TrialPurpose.Search,
        State = new TrialState.Pending(),
        CreatedAt = Noon,
        ChangedAt = Noon,
    };

    public static async Task AddAsync(ISweepStore store, params StoredSweep[] sweeps)
    {
        foreach (var sweep in sweeps)
        {
            Assert.True(await store.AddSweepAsync(sweep, "{}", default));
        }
    }
}
