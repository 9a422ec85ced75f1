namespace Tuner.SampleModel.Model;

/// <summary>
/// A caller and so many threads of its own (size - 1) that do the same work on different slices and wait for each other
/// between steps. A team serves one caller at a time.
/// </summary>
internal sealed class ThreadTeam : IDisposable
{
    private readonly Barrier barrier;
    private readonly Thread[] members;
    private Action<int>? work;
    private volatile bool stopped;

    public ThreadTeam(int size, string name)
    {
        barrier = new Barrier(size);
        members = [.. Enumerable.Range(1, size - 1).Select(member => new Thread(() => Serve(member)) { IsBackground = true, Name = $"{name}.{member}" })];
        foreach (var thread in members)
        {
            thread.Start();
        }
    }

    public int Size => members.Length + 1;

    /// <summary>Runs the work on every member, numbered from zero (the caller); returns when all have done it.</summary>
    public void Run(Action<int> memberWork)
    {
        if (Size == 1)
        {
            memberWork(0);
            return;
        }

        work = memberWork;
        barrier.SignalAndWait();
        memberWork(0);
        barrier.SignalAndWait();
    }

    /// <summary>Called by every member at the end of a step; none goes on before all have arrived.</summary>
    public void Meet()
    {
        if (Size > 1)
        {
            barrier.SignalAndWait();
        }
    }

    public void Dispose()
    {
        stopped = true;
        if (Size > 1)
        {
            barrier.SignalAndWait();
        }

        foreach (var thread in members)
        {
            thread.Join();
        }

        barrier.Dispose();
    }

    private void Serve(int member)
    {
        while (true)
        {
            barrier.SignalAndWait();
            if (stopped)
            {
                return;
            }

            work!(member);
            barrier.SignalAndWait();
        }
    }
}
