using Tuner.Load.Looping;

namespace Tuner.Load.Tests.Looping;

/// <summary>
/// One server with a queue that stops for a while in every period: within each period nothing is served from its start
/// for the length of the stall. Times in nanoseconds.
/// </summary>
internal sealed class StallingServer(long service, long stall, long period)
{
    private long freeAt;

    public Completion? Answer(long arrival, Completion completion)
    {
        var begun = AfterStall(Math.Max(arrival, freeAt));
        var finished = begun + service;
        var nextStall = ((begun / period) + 1) * period;
        freeAt = finished > nextStall ? finished + stall : finished;
        return completion with { At = freeAt };
    }

    private long AfterStall(long at) => at % period < stall ? ((at / period) * period) + stall : at;
}
