using Tuner.Service.Storage;

namespace Tuner.Service.Engine;

/// <summary>What has been asked of a running sweep: whoever runs it looks here between steps, and is woken by a change.</summary>
public sealed class SweepOrders : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource cancelled = new();
    private TaskCompletionSource changed = New();

    /// <summary>Why the sweep is to be paused; null while it is not.</summary>
    public string? PauseReason { get; private set; }

    /// <summary>Why the sweep is to be cancelled; null while it is not.</summary>
    public string? CancelReason { get; private set; }

    /// <summary>Ends the running trials too.</summary>
    public CancellationToken Cancelled => cancelled.Token;

    /// <summary>Ends with the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }

    /// <summary>Takes what is stored now; the same request again changes nothing.</summary>
    public void Take(SweepRequest? request, string? reason)
    {
        TaskCompletionSource wake;
        lock (gate)
        {
            var pause = request is SweepRequest.Pause ? reason ?? "paused" : null;
            var cancel = request is SweepRequest.Cancel ? reason ?? "cancelled" : CancelReason;
            if (string.Equals(pause, PauseReason, StringComparison.Ordinal) && string.Equals(cancel, CancelReason, StringComparison.Ordinal))
            {
                return;
            }

            (PauseReason, CancelReason) = (pause, cancel);
            (wake, changed) = (changed, New());
        }

        if (CancelReason is not null)
        {
            cancelled.Cancel();
        }

        wake.TrySetResult();
    }

    public void Dispose() => cancelled.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
