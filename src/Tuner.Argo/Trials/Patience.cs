namespace Tuner.Argo.Trials;

/// <summary>Waiting longer each time, up to a limit in all.</summary>
internal sealed class Patience(TimeSpan limit, TimeProvider time)
{
    private readonly long start = time.GetTimestamp();
    private int attempts;

    public TimeSpan Limit => limit;

    /// <summary>False once the limit is reached.</summary>
    public async Task<bool> PauseAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(start) >= limit)
        {
            return false;
        }

        await Task.Delay(TimeSpan.FromSeconds(Math.Min(10, 0.25 * Math.Pow(2, Math.Min(attempts++, 8)))), time, cancellationToken);
        return true;
    }
}
