namespace Tuner.Testing.SearchTasks;

/// <summary>A station with several servers under Poisson arrivals, in closed form.</summary>
public static class Queueing
{
    /// <summary>
    /// The p99 of the time in the system in seconds, and the share of requests that time out: Sakasegawa's approximation of
    /// the mean wait in M/G/c (1977), an exponential tail on it, and a backlog that grows to the timeout when overloaded.
    /// </summary>
    public static (double P99, double Errors) Station(double arrivals, double servers, double service, double tail, double timeout)
    {
        var load = arrivals * service / servers;
        var p99 = service * tail;
        if (load >= 1)
        {
            return (timeout, 1 - (1 / load));
        }

        var wait = service / servers * Math.Pow(load, Math.Sqrt(2 * (servers + 1)) - 1) / (1 - load);
        p99 += wait * 4.6;
        var lost = p99 > timeout ? 0.01 * p99 / timeout : 0;
        return (Math.Min(p99, timeout), Math.Min(1, lost));
    }
}
