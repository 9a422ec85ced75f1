using Tuner.Core.Measurements;
using Tuner.Load.Looping;

namespace Tuner.Load.Tests.Looping;

public class StreamedEventsTests
{
    [Fact]
    public void The_first_event_counts_from_the_intended_time_and_later_ones_from_the_one_before()
    {
        // Three events, 30 ms after the send and 5 ms apart, then the end of the answer: a wire of one request.
        var wire = new ScriptedWire(30, 35, 40);

        var run = LoopFixture.Run(LoopFixture.Open(1, TimeSpan.FromSeconds(1)), wire);

        Assert.Equal(TimeSpan.FromMilliseconds(30), run.Phase.Series(Measurement.FirstEventSeries).Max);
        Assert.Equal(2, run.Phase.Series(Measurement.BetweenEventsSeries).Count);
        Assert.Equal(TimeSpan.FromMilliseconds(5), run.Phase.Series(Measurement.BetweenEventsSeries).Max);
        Assert.Equal(TimeSpan.FromMilliseconds(41), run.Phase.Series(Measurement.LatencySeries).Max);
    }

    private sealed class ScriptedWire(params long[] events) : IWire
    {
        private readonly Queue<Completion> coming = new();

        public long Now { get; private set; }

        public int OpenConnections => 1;

        public long? IdleNanoseconds => null;

        public void Send(int slot, long ticket, int endpoint, int body, bool fresh = false)
        {
            foreach (var milliseconds in events)
            {
                coming.Enqueue(new Completion(slot, ticket, CompletionKind.Event, Now + (milliseconds * LoopFixture.Millisecond)));
            }

            coming.Enqueue(new Completion(slot, ticket, CompletionKind.Response, Now + ((events[^1] + 1) * LoopFixture.Millisecond), 200));
        }

        public void Abandon(int slot, long ticket) => coming.Clear();

        public bool Next(long until, long spin, out Completion completion)
        {
            if (coming.TryPeek(out completion) && completion.At <= until)
            {
                Now = Math.Max(Now, completion.At);
                coming.Dequeue();
                return true;
            }

            Now = Math.Max(Now, until);
            return false;
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
