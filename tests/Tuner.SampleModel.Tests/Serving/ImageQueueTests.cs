using Tuner.SampleModel.Model;
using Tuner.SampleModel.Serving;

namespace Tuner.SampleModel.Tests.Serving;

public sealed class ImageQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly ManualTime time = new();
    private readonly List<QueuedImage> batch = [];

    [Fact]
    public void A_full_batch_is_taken_at_once_over_the_borders_of_requests()
    {
        var queue = new ImageQueue(new BatchPolicy(4, Long), 10, time);
        var (first, second) = (Call(3), Call(3));
        queue.TryAdd(first);
        queue.TryAdd(second);

        Assert.True(queue.Take(batch));

        Assert.Equal([new(first, 0), new(first, 1), new(first, 2), new(second, 0)], batch);
        Assert.Equal(2, queue.Length);
    }

    [Fact]
    public void A_partial_batch_is_taken_when_its_oldest_image_has_waited_for_the_delay()
    {
        var queue = new ImageQueue(new BatchPolicy(4, Long), 10, time);
        queue.TryAdd(Call(2));
        time.Now += Long;

        Assert.True(queue.Take(batch));

        Assert.Equal(2, batch.Count);
    }

    [Fact]
    public void A_request_is_queued_whole_or_not_at_all()
    {
        var queue = new ImageQueue(new BatchPolicy(4, Long), 5, time);

        Assert.True(queue.TryAdd(Call(3)));
        Assert.False(queue.TryAdd(Call(3)));
        Assert.True(queue.TryAdd(Call(2)));
        Assert.Equal(5, queue.Length);
    }

    [Fact]
    public async Task Images_that_nobody_waits_for_are_not_computed()
    {
        var queue = new ImageQueue(new BatchPolicy(2, TimeSpan.Zero), 10, time);
        using var left = new CancellationTokenSource();
        var (gone, kept) = (Call(3, left.Token), Call(1));
        queue.TryAdd(gone);
        queue.TryAdd(kept);
        await left.CancelAsync();

        Assert.True(queue.Take(batch));

        Assert.Equal([new(kept, 0)], batch);
        Assert.False(await gone.Completion);
    }

    [Fact]
    public void A_closed_queue_gives_what_waits_without_delay_and_then_ends()
    {
        var queue = new ImageQueue(new BatchPolicy(4, Long), 10, time);
        queue.TryAdd(Call(1));
        queue.Close();

        Assert.False(queue.TryAdd(Call(1)));
        Assert.True(queue.Take(batch));
        Assert.Single(batch);
        Assert.False(queue.Take(batch));
    }

    [Fact]
    public async Task A_cleared_queue_gives_up_what_waits()
    {
        var queue = new ImageQueue(new BatchPolicy(4, Long), 10, time);
        var call = Call(2);
        queue.TryAdd(call);

        queue.Clear();

        Assert.False(await call.Completion);
        Assert.Equal(0, queue.Length);
    }

    private InferenceCall Call(int images, CancellationToken cancellationToken = default) =>
        new(Matrix<float>.Create(images, DigitSet.Pixels), time.GetTimestamp(), cancellationToken);

    private sealed class ManualTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
