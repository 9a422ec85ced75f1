using System.Diagnostics;
using System.Globalization;

namespace Tuner.Local.Cgroups;

/// <summary>The folders of one cgroup, one for each separate hierarchy, with their children: who is in it, and how to be rid of it.</summary>
internal class CgroupFolders(IReadOnlyList<string> directories)
{
    protected IReadOnlyList<string> Directories { get; } = directories;

    public bool Exists => Directories.Any(Directory.Exists);

    /// <summary>The ids of the processes in it.</summary>
    public IReadOnlyList<int> Members() =>
    [
        .. Directories.SelectMany(Tree).SelectMany(directory => CgroupHierarchy.Read(Path.Combine(directory, "cgroup.procs")).Split('\n'))
            .Where(line => line.Length > 0).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(id => id > 0).Distinct(),
    ];

    /// <summary>Sends SIGKILL to every member, once.</summary>
    public void Kill()
    {
        // Version 2 kills all by one write, also those that are just being forked (Linux 5.14).
        if (Directories.All(directory => CgroupHierarchy.TryWrite(Path.Combine(directory, "cgroup.kill"), "1")))
        {
            return;
        }

        // In version 1 frozen processes cannot fork away from under the list; the signal takes effect when they thaw.
        Freeze("FROZEN");
        foreach (var member in Members())
        {
            Native.Kill(member, Native.SigKill);
        }

        Freeze("THAWED");
    }

    /// <summary>Kills until nothing is left and removes the folders; false when that did not succeed in time.</summary>
    public async Task<bool> RemoveAsync(TimeSpan patience, TimeProvider time)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Kill();
            var left = Directories.SelectMany(Tree).Reverse().ToArray().Count(directory => !TryRemove(directory));
            if (left == 0)
            {
                return true;
            }

            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), time, CancellationToken.None);
        }
    }

    /// <summary>A cgroup's folder goes by rmdir; the files in it are the kernel's.</summary>
    internal static bool TryRemove(string directory)
    {
        try
        {
            if (Native.RemoveDirectory(directory) == 0)
            {
                return true;
            }
        }
        catch (IOException)
        {
            return false;
        }

        return !Directory.Exists(directory);
    }

    /// <summary>The folder and all below it, parents first; empty when it does not exist.</summary>
    private static IEnumerable<string> Tree(string directory)
    {
        try
        {
            return Directory.Exists(directory) ? [directory, .. Directory.GetDirectories(directory).SelectMany(Tree)] : [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private void Freeze(string state)
    {
        foreach (var file in Directories.Select(directory => Path.Combine(directory, "freezer.state")).Where(File.Exists))
        {
            CgroupHierarchy.TryWrite(file, state);
        }
    }
}
