namespace Tuner.Load.Looping;

/// <summary>Where a loop's requests come from: a schedule (open model) or users (closed model). Times in nanoseconds from the start of the load.</summary>
internal interface IRequestSource
{
    /// <summary>Nothing will come due any more.</summary>
    bool Ended { get; }

    /// <summary>When the current request is due; in the closed model the moment it was asked for.</summary>
    long Due { get; }

    /// <summary>The number of the current request.</summary>
    long Request { get; }

    int Phase { get; }

    /// <summary>When to look again if nothing is due now; null when that depends on an answer.</summary>
    long? NextAt { get; }

    bool IsDue(long now);

    /// <summary>The current request was sent or given up; on to the next.</summary>
    void Take(long now);

    /// <summary>A request that was sent has ended.</summary>
    void Done(long now, bool failedToConnect);

    /// <summary>Nothing is due from this time on.</summary>
    void StopAt(long end);
}
