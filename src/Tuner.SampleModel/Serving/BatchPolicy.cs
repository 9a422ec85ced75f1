namespace Tuner.SampleModel.Serving;

/// <summary>When a batch is due: as soon as it is full, or when its oldest image has waited for the delay.</summary>
internal readonly record struct BatchPolicy(int MaxSize, TimeSpan Delay)
{
    /// <summary>How much longer to wait with so many images there (at least one); zero or less means now.</summary>
    public TimeSpan Remaining(int waiting, TimeSpan oldestWait) => waiting >= MaxSize ? TimeSpan.Zero : Delay - oldestWait;
}
