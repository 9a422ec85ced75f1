namespace Tuner.Local.Cgroups;

/// <summary>What one replica may use; null means no limit.</summary>
internal sealed record CgroupLimits(IReadOnlyList<int> Cores, double? Quota, long? MemoryBytes)
{
    /// <summary>Short, so that a throttled replica stutters in milliseconds, not in tenths of a second.</summary>
    public const int PeriodMicroseconds = 10_000;

    /// <summary>The kernel refuses a quota below 1 ms; a smaller share gets a longer period.</summary>
    public static (long Quota, long Period) QuotaOf(double vcpus)
    {
        const long least = 1000;
        var quota = (long)Math.Round(vcpus * PeriodMicroseconds);
        return quota >= least ? (quota, PeriodMicroseconds) : (least, (long)Math.Round(least / vcpus));
    }
}
