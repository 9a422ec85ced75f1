using System.Runtime.CompilerServices;

namespace Tuner.Load.Looping;

/// <summary>
/// The requests that are under way, in slots: a free list, and a list in order of the time they were due, so that the
/// next one to time out is always the first. Nothing is allocated after construction.
/// </summary>
internal sealed class InFlight
{
    private const int None = -1;
    private readonly Slot[] slots;
    private int free;
    private int oldest = None;
    private int newest = None;
    private long tickets;

    public InFlight(int capacity)
    {
        slots = new Slot[capacity];
        for (var index = 0; index < capacity; index++)
        {
            slots[index].Next = index + 1 < capacity ? index + 1 : None;
        }
    }

    public int Count { get; private set; }

    public bool IsFull => free == None;

    /// <summary>The slot that has been due for longest; -1 when nothing is under way.</summary>
    public int Oldest => oldest;

    public ref Slot this[int slot] => ref slots[slot];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(long due, int phase, int endpoint, int body)
    {
        var index = free;
        ref var slot = ref slots[index];
        free = slot.Next;
        slot = new Slot
        {
            Ticket = ++tickets,
            Due = due,
            Phase = phase,
            Endpoint = endpoint,
            Body = body,
            Previous = newest,
            Next = None,
        };
        if (newest == None)
        {
            oldest = index;
        }
        else
        {
            slots[newest].Next = index;
        }

        newest = index;
        Count++;
        return index;
    }

    /// <summary>Whether a completion belongs to the request that the slot holds now.</summary>
    public bool Holds(int slot, long ticket) => slots[slot].Ticket == ticket;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Remove(int index)
    {
        ref var slot = ref slots[index];
        if (slot.Previous == None)
        {
            oldest = slot.Next;
        }
        else
        {
            slots[slot.Previous].Next = slot.Next;
        }

        if (slot.Next == None)
        {
            newest = slot.Previous;
        }
        else
        {
            slots[slot.Next].Previous = slot.Previous;
        }

        slot.Ticket = 0;
        slot.Next = free;
        free = index;
        Count--;
    }

    internal struct Slot
    {
        public long Ticket;
        public long Due;
        public long LastEvent;
        public int Phase;
        public int Endpoint;
        public int Body;
        public int Previous;
        public int Next;
        public bool Resent;
    }
}
