using System.Text;

namespace Tuner.Local.Launch;

/// <summary>
/// The launcher: a process that Tuner starts, that puts itself where the candidate belongs (session, cgroups, cores,
/// death with its parent) and then becomes the candidate's program. Because it joins before the program runs, no child
/// of the program can ever be outside.
/// </summary>
internal static unsafe class Program
{
    private const int SavedErrorPipe = 100;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExecFlag = 1;

    public static int Main()
    {
        if (ReadSpec() is not { } spec)
        {
            return 1;
        }

        // From here on the error pipe is ours alone: exec closes it, and that tells Tuner that the program runs.
        if (Native.Dup3(2, SavedErrorPipe, Native.CloseOnExec) < 0)
        {
            return 1;
        }

        var failure = Prepare(spec) ?? Become(spec);
        Say(failure);
        return 127;
    }

    private static LaunchSpec? ReadSpec()
    {
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return LaunchSpec.Parse(bytes.ToArray());
    }

    private static Handshake? Prepare(LaunchSpec spec)
    {
        Native.NewSession();
        Native.DieWithParent();
        if (Native.GetParentId() != spec.ParentId)
        {
            return new Handshake.MachineFault("Tuner ended while the candidate was being started");
        }

        if (Native.ChangeDirectory(spec.WorkingDirectory) < 0)
        {
            return new Handshake.CandidateFault($"cannot change to the folder '{spec.WorkingDirectory}': {Native.LastError()}");
        }

        if (spec.Nice != 0)
        {
            Native.SetPriority(0, 0, spec.Nice);
        }

        // Where memory runs out, the candidate goes first, not Tuner. Raising one's own score is always allowed.
        TryWrite("/proc/self/oom_score_adj", "500");
        foreach (var file in spec.CgroupFiles)
        {
            if (TryWrite(file, "0") is { } error)
            {
                return new Handshake.MachineFault($"cannot join the cgroup by '{file}': {error}");
            }
        }

        if (spec.Cores.Length > 0 && !Native.SetAffinity(0, spec.Cores))
        {
            return new Handshake.MachineFault($"cannot bind to the cores {string.Join(',', spec.Cores)}: {Native.LastError()}");
        }

        return null;
    }

    private static Handshake Become(LaunchSpec spec)
    {
        // The runtime ignores SIGPIPE, and what is ignored stays so over exec; programs expect the default.
        Native.Signal(Native.SigPipe, 0);
        CloseEverythingElseOnExec();
        var nothing = Native.Open("/dev/null", Native.ReadOnly, 0);
        Native.Dup2(nothing, 0);
        Native.Dup2(1, 2);
        Native.Close(nothing);
        Say(new Handshake.Started());
        fixed (byte* path = Terminated(spec.Program))
        {
            using var arguments = new TextPointers(spec.Arguments);
            using var environment = new TextPointers(spec.Environment);
            Native.Execute(path, arguments.Address, environment.Address);
        }

        return new Handshake.CandidateFault($"cannot run '{spec.Program}': {Native.LastError()}");
    }

    private static void CloseEverythingElseOnExec()
    {
        foreach (var entry in Directory.GetFiles("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), out var descriptor) && descriptor > 2)
            {
                Native.Fcntl(descriptor, SetDescriptorFlags, CloseOnExecFlag);
            }
        }
    }

    private static string? TryWrite(string file, string text)
    {
        var descriptor = Native.Open(file, 1, 0);
        if (descriptor < 0)
        {
            return Native.LastError();
        }

        fixed (byte* bytes = Encoding.UTF8.GetBytes(text))
        {
            var error = Native.Write(descriptor, bytes, (nuint)text.Length) < 0 ? Native.LastError() : null;
            Native.Close(descriptor);
            return error;
        }
    }

    private static void Say(Handshake message)
    {
        var text = message.ToBytes();
        fixed (byte* bytes = text)
        {
            Native.Write(SavedErrorPipe, bytes, (nuint)text.Length);
        }
    }

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
