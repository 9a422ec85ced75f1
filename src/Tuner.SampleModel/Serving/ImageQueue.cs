namespace Tuner.SampleModel.Serving;

/// <summary>One image of a call.</summary>
internal readonly record struct QueuedImage(InferenceCall Call, int Index);

/// <summary>
/// Images in order of arrival, taken in batches by the threads of the workers. A request is queued whole or not at all;
/// images whose client has left are thrown away when their turn comes.
/// </summary>
internal sealed class ImageQueue(BatchPolicy policy, int limit, TimeProvider time)
{
    private readonly object gate = new();
    private readonly Queue<QueuedImage> images = new();
    private bool closed;

    /// <summary>Images that wait.</summary>
    public int Length
    {
        get
        {
            lock (gate)
            {
                return images.Count;
            }
        }
    }

    /// <summary>False when the images of the call would exceed the limit, or the queue is closed.</summary>
    public bool TryAdd(InferenceCall call)
    {
        lock (gate)
        {
            if (closed || images.Count + call.Images.Rows > limit)
            {
                return false;
            }

            for (var i = 0; i < call.Images.Rows; i++)
            {
                images.Enqueue(new QueuedImage(call, i));
            }

            Monitor.PulseAll(gate);
            return true;
        }
    }

    /// <summary>Waits for a batch to be due and fills <paramref name="batch"/> with it; false once the queue is closed and empty.</summary>
    public bool Take(List<QueuedImage> batch)
    {
        batch.Clear();
        lock (gate)
        {
            while (true)
            {
                if (DropAbandoned())
                {
                    var wait = policy.Remaining(images.Count, time.GetElapsedTime(images.Peek().Call.Arrived));
                    if (wait <= TimeSpan.Zero || closed)
                    {
                        Fill(batch);
                        return true;
                    }

                    // Waits end on whole milliseconds; one that ended just before the delay would only spin.
                    Monitor.Wait(gate, (int)Math.Ceiling(wait.TotalMilliseconds));
                }
                else if (closed)
                {
                    return false;
                }
                else
                {
                    Monitor.Wait(gate);
                }
            }
        }
    }

    /// <summary>Takes no more calls; what waits is due now.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Gives up everything that waits.</summary>
    public void Clear()
    {
        lock (gate)
        {
            while (images.TryDequeue(out var image))
            {
                image.Call.Drop();
            }
        }
    }

    private void Fill(List<QueuedImage> batch)
    {
        while (batch.Count < policy.MaxSize && DropAbandoned())
        {
            batch.Add(images.Dequeue());
        }
    }

    /// <summary>Removes images from the head that nobody waits for; false when none is left.</summary>
    private bool DropAbandoned()
    {
        while (images.TryPeek(out var image))
        {
            if (!image.Call.IsAbandoned)
            {
                return true;
            }

            images.Dequeue();
            image.Call.Drop();
        }

        return false;
    }
}
