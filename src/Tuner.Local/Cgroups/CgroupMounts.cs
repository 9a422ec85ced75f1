namespace Tuner.Local.Cgroups;

/// <summary>Reads where cgroups are mounted (proc_pid_mountinfo(5)) and which of them this process is in (cgroups(7)).</summary>
internal sealed class CgroupMounts(string mountInfoFile, string ownCgroupFile)
{
    /// <summary>The folder of this process's own cgroup for a version 1 controller, or null where it is not mounted.</summary>
    public string? V1(string controller) => Mounts("cgroup")
        .Where(mount => mount.Options.Contains(controller, StringComparer.Ordinal))
        .Select(mount => Own(mount, OwnPath(controller)))
        .FirstOrDefault();

    /// <summary>The folder of this process's own version 2 cgroup, or null where it is not mounted.</summary>
    public string? V2() => Mounts("cgroup2").Select(mount => Own(mount, OwnPath(""))).FirstOrDefault();

    /// <summary>Where version 2 is mounted, or null.</summary>
    public string? V2Root() => Mounts("cgroup2").Select(mount => mount.Point).FirstOrDefault();

    private static string Own(Mount mount, string? path)
    {
        if (path is null)
        {
            return mount.Point;
        }

        // A bind mount shows only the part of the hierarchy below its root.
        var root = mount.Root.TrimEnd('/');
        var relative = path.StartsWith(root + "/", StringComparison.Ordinal) || string.Equals(path, root, StringComparison.Ordinal) ? path[root.Length..] : path;
        var own = Path.Combine(mount.Point, relative.TrimStart('/'));
        return Directory.Exists(own) ? own.TrimEnd('/') : mount.Point;
    }

    private string? OwnPath(string controller)
    {
        foreach (var line in CgroupHierarchy.Read(ownCgroupFile).Split('\n'))
        {
            var parts = line.Split(':', 3);
            if (parts.Length == 3 && parts[1].Split(',').Contains(controller, StringComparer.Ordinal))
            {
                return parts[2];
            }
        }

        return null;
    }

    private IEnumerable<Mount> Mounts(string type)
    {
        foreach (var line in CgroupHierarchy.Read(mountInfoFile).Split('\n'))
        {
            // 36 35 98:0 ROOT POINT options … - TYPE source super,options
            var halves = line.Split(" - ", 2);
            var left = halves[0].Split(' ');
            var right = halves.Length == 2 ? halves[1].Split(' ') : [];
            if (left.Length >= 5 && right.Length >= 3 && string.Equals(right[0], type, StringComparison.Ordinal))
            {
                yield return new Mount(left[3], left[4], right[2].Split(','));
            }
        }
    }

    private sealed record Mount(string Root, string Point, string[] Options);
}
