using System.Globalization;

namespace Tuner.Local.Cgroups;

/// <summary>
/// Where on this machine Tuner may make cgroups, and in which dialect (cgroups(7)): version 1 has a folder per
/// controller, version 2 one for all. Candidates live in <c>tuner/OWNER-TRIAL/rN</c> below the cgroup that Tuner runs in,
/// so that limits set on Tuner hold for them too.
/// </summary>
internal abstract class CgroupHierarchy
{
    /// <summary>The folder that holds every cgroup of any Tuner.</summary>
    protected const string TunerFolder = "tuner";

    /// <summary><c>cgroup v1</c> or <c>cgroup v2</c>.</summary>
    public abstract string Version { get; }

    public abstract bool HasCpuset { get; }

    public abstract bool HasQuota { get; }

    public abstract bool HasMemory { get; }

    /// <summary>The Tuner-owned folders, one for each separate hierarchy.</summary>
    public abstract IReadOnlyList<string> Roots { get; }

    /// <summary>Makes the cgroup of a trial, empty.</summary>
    /// <param name="favoured">
    /// Candidates weigh ten times as much as other programs, which then take less of the vCPUs that an instance was
    /// promised; otherwise (one core for all) half as much, since the generator must come first.
    /// </param>
    /// <exception cref="IOException">The kernel refuses; so does <see cref="UnauthorizedAccessException"/>.</exception>
    public abstract CgroupOfTrial Create(string name, bool favoured);

    /// <summary>The folders that a trial's cgroup of that name has.</summary>
    public IReadOnlyList<string> FoldersOf(string name) => [.. Roots.Select(root => Path.Combine(root, name))];

    /// <summary>Names of the trials' cgroups that exist.</summary>
    public IReadOnlyList<string> Names() =>
    [
        .. Roots.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(Path.GetFileName).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Takes the Tuner-owned folders away where nothing is in them.</summary>
    public void RemoveRoots()
    {
        foreach (var root in Roots)
        {
            CgroupFolders.TryRemove(root);
        }
    }

    /// <summary>The best hierarchy that is mounted, writable, and has a controller of use; null with the reason where there is none.</summary>
    public static CgroupHierarchy? Probe(out string reason) => Probe(new CgroupMounts("/proc/self/mountinfo", "/proc/self/cgroup"), out reason);

    internal static CgroupHierarchy? Probe(CgroupMounts mounts, out string reason)
    {
        var second = CgroupV2.Find(mounts, out var reasonV2);
        if (second is not null)
        {
            reason = "";
            return second;
        }

        var first = CgroupV1.Find(mounts, out var reasonV1);
        reason = first is null ? string.Join("; ", new[] { reasonV2, reasonV1 }.Where(text => text.Length > 0)) : "";
        reason = first is null && reason.Length == 0 ? "no cgroups are mounted" : reason;
        return first;
    }

    /// <summary>Whether folders can be made here; access rights alone do not tell on read-only mounts and delegated trees.</summary>
    protected static string? WhyNotWritable(string directory)
    {
        var probe = Path.Combine(directory, $"tuner-probe-{Environment.ProcessId}");
        try
        {
            if (Native.Access(directory, Native.WriteAccess) < 0)
            {
                return $"'{directory}' is not writable";
            }

            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"'{directory}' is not writable ({error.Message})";
        }
    }

    /// <summary>The kernel wants the file opened, not created or truncated.</summary>
    internal static void Write(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    internal static bool TryWrite(string file, string text)
    {
        try
        {
            Write(file, text);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    internal static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The number behind a key in a file of <c>key number</c> lines; 0 where it is missing.</summary>
    internal static long ReadKey(string file, string key)
    {
        foreach (var line in Read(file).Split('\n'))
        {
            var parts = line.Split(' ');
            if (parts.Length == 2 && string.Equals(parts[0], key, StringComparison.Ordinal)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }
        }

        return 0;
    }

    internal static long ReadNumber(string file) => long.TryParse(Read(file), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
