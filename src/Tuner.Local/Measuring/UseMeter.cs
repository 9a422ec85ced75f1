using Tuner.Core.Measurements;
using Tuner.Local.Deploying;

namespace Tuner.Local.Measuring;

/// <summary>
/// What the candidate uses from its construction on, warm-up included; <see cref="Sample"/> is called again and again
/// meanwhile, since nobody else remembers the peak.
/// </summary>
internal sealed class UseMeter
{
    private readonly Deployment deployment;
    private readonly string enforcement;
    private readonly double cpuBefore;
    private readonly TimeSpan throttledBefore;

    public UseMeter(Deployment deployment, string enforcement)
    {
        this.deployment = deployment;
        this.enforcement = enforcement;
        Sample();
        cpuBefore = CpuSeconds;
        throttledBefore = deployment.Cgroup?.Throttled ?? TimeSpan.Zero;
    }

    public long PeakResidentBytes { get; private set; }

    private double CpuSeconds => deployment.Cgroup?.CpuSeconds ?? deployment.Tree.CpuSeconds;

    /// <summary>Resident memory now, in bytes. Shared pages count once where cgroups count, else once per process.</summary>
    public long Sample()
    {
        var resident = deployment.Cgroup?.ResidentBytes;
        if (resident is null || deployment.Cgroup?.CpuSeconds is null)
        {
            // Looking at the processes also brings their CPU time up to date.
            var sum = deployment.Tree.Members(deep: false).Sum(member => member.ResidentBytes);
            resident ??= sum;
        }

        PeakResidentBytes = Math.Max(PeakResidentBytes, resident.Value);
        return resident.Value;
    }

    public ResourceUse Read()
    {
        Sample();
        return new ResourceUse
        {
            CpuSeconds = Math.Max(0, CpuSeconds - cpuBefore),
            PeakResidentBytes = PeakResidentBytes,
            Throttled = deployment.Cgroup?.Throttled is { } throttled ? throttled - throttledBefore : null,
            Enforcement = enforcement,
        };
    }
}
