using System.Runtime.InteropServices;

namespace Tuner.Load.Native;

/// <summary>
/// The few Linux calls that the native engine makes (x86-64 and arm64). Each returns -1 and an error number on failure:
/// those of every request leave it in <see cref="System.Runtime.InteropServices.Marshal.GetLastSystemError"/>, to be read at once, since having it
/// stored costs more than the transition itself; the others in <see cref="System.Runtime.InteropServices.Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static unsafe partial class Libc
{
    public const int Inet = 2;
    public const int Inet6 = 10;
    public const int Stream = 1;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int SolSocket = 1;
    public const int SoError = 4;
    public const int SoTimestampNanoseconds = 35;
    public const int Tcp = 6;
    public const int TcpNoDelay = 1;
    public const int TcpCongestion = 13;
    public const int MsgNoSignal = 0x4000;
    public const int EpollAdd = 1;
    public const uint EpollIn = 1;
    public const uint EpollOut = 4;
    public const uint EpollError = 8;
    public const uint EpollHangUp = 16;
    public const uint EpollReadHangUp = 0x2000;
    public const uint EpollEdge = 1u << 31;
    public const int RealTimeClock = 0;
    public const int MonotonicClock = 1;
    public const int ThreadCpuClock = 3;
    public const int AbsoluteTime = 1;
    public const int SetTimerSlack = 29;
    public const int FirstInFirstOut = 1;
    public const int ResetOnFork = 0x40000000;

    public const int Interrupted = 4;
    public const int Again = 11;
    public const int TooManyOpenSystem = 23;
    public const int TooManyOpen = 24;
    public const int AddressNotAvailable = 99;
    public const int InProgress = 115;
    public const int NotImplemented = 38;

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    public static partial int SetScheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "send")]
    public static partial nint Send(int socket, byte* data, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv")]
    public static partial nint Receive(int socket, byte* data, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    public static partial nint ReceiveMessage(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    public static partial int Sleep(int clock, int flags, TimeSpec* until, TimeSpec* rest);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* @event);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, byte* events, int capacity, int milliseconds);

    /// <summary>Waits with nanosecond resolution; Linux 5.11 and glibc 2.35 or later.</summary>
    [LibraryImport("libc", EntryPoint = "epoll_pwait2")]
    public static partial int EpollWaitPrecise(int epoll, byte* events, int capacity, TimeSpec* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nuint argument);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "gettid", SetLastError = true)]
    public static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, int who, int priority);

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nint VectorCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Start;
        public nint Length;
    }

    /// <summary><c>struct cmsghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nint Length;
        public int Level;
        public int Type;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
