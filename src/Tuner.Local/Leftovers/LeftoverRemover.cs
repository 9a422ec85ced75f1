using Tuner.Local.Cgroups;
using Tuner.Local.Processes;

namespace Tuner.Local.Leftovers;

/// <summary>
/// Kills and removes what belongs to a Tuner that is no more. Three traces lead to it: the files of trials (also for
/// processes that cleared their environment), the markers in the environment, and the names of cgroups (both also for
/// trials of another folder). What a living Tuner owns is left alone, and so are other containers' processes.
/// </summary>
internal sealed class LeftoverRemover(string recordDirectory, CgroupHierarchy? hierarchy, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly List<string> removed = [];

    public async Task<IReadOnlyList<string>> RemoveAsync(CancellationToken cancellationToken)
    {
        var files = Directory.Exists(recordDirectory) ? Directory.GetFiles(recordDirectory, "*.json") : [];
        var records = files.Select(file => (File: file, Record: TrialRecord.Load(file))).Where(pair => pair.Record is not null && IsAbandoned(pair.Record.Owner)).ToArray();
        var marked = ProcessEntry.All().Where(entry => entry.Id != Environment.ProcessId && IsAbandonedProcess(entry)).ToArray();

        // What was alive at this moment: later on, ids may be others' again.
        var targets = records.Where(pair => IsThisBoot(pair.Record!)).SelectMany(pair => Named(pair.Record!)).Concat(marked).DistinctBy(entry => entry.Id).ToArray();
        foreach (var target in targets)
        {
            target.Kill();
            removed.Add($"process {target.Id} ({target.Name}) of trial {target.Variable(ProcessTree.TrialVariable) ?? TrialOf(records, target)}");
        }

        await RemoveCgroupsAsync(records.Select(pair => pair.Record!).Where(IsThisBoot), cancellationToken);
        await WaitUntilGoneAsync(targets, cancellationToken);
        foreach (var (_, record) in records)
        {
            TrialRecord.Delete(recordDirectory, record!.Trial);
        }

        return removed;
    }

    private async Task RemoveCgroupsAsync(IEnumerable<TrialRecord> records, CancellationToken cancellationToken)
    {
        var cgroups = records.Where(record => !record.CgroupFolders.IsEmpty)
            .Select(record => (record.Trial, Folders: new CgroupFolders(record.CgroupFolders)))
            .Concat((hierarchy?.Names() ?? []).Where(IsAbandonedName).Select(name => (Trial: name.Split('-', 3)[2], Folders: new CgroupFolders(hierarchy!.FoldersOf(name)))));
        foreach (var (trial, folders) in cgroups.Where(cgroup => cgroup.Folders.Exists))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var members = folders.Members();
            if (members.All(IsInOurNamespace))
            {
                removed.AddRange(members.Select(id => $"process {id} ({ProcessEntry.Read(id)?.Name ?? "ended"}) in the cgroup of trial {trial}"));
                removed.Add(await folders.RemoveAsync(Patience, time) ? $"cgroup of trial {trial}" : $"not the cgroup of trial {trial}: its processes do not end");
            }
        }

        hierarchy?.RemoveRoots();
    }

    /// <summary>OWNERPID-OWNERSTART-TRIAL</summary>
    private static bool IsAbandonedName(string name) => name.Split('-', 3) is [var id, var start, _] && IsAbandoned($"{id}-{start}");

    private async Task WaitUntilGoneAsync(IEnumerable<ProcessEntry> targets, CancellationToken cancellationToken)
    {
        var left = targets.ToList();
        for (var waited = TimeSpan.Zero; left.Count > 0 && waited < Patience; waited += TimeSpan.FromMilliseconds(20))
        {
            left.RemoveAll(HasGone);
            if (left.Count > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
            }
        }
    }

    private static bool HasGone(ProcessEntry target)
    {
        var now = ProcessEntry.Read(target.Id);
        if (now is { IsAlive: false } && now.ParentId == Environment.ProcessId)
        {
            Native.WaitPid(target.Id, out _, Native.WaitNoHang);
        }

        return now is not { IsAlive: true } || now.Start != target.Start;
    }

    /// <summary>The recorded processes that are still the same ones, with all that descended from them or shares their sessions.</summary>
    private static IEnumerable<ProcessEntry> Named(TrialRecord record)
    {
        var tree = new ProcessTree(record.Trial, Owner.Parse(record.Owner)!);
        foreach (var name in record.Processes)
        {
            tree.Add(name.Id, name.Start);
        }

        return record.Processes.IsEmpty ? [] : tree.Members(deep: true);
    }

    private static string TrialOf(IEnumerable<(string File, TrialRecord? Record)> records, ProcessEntry entry) =>
        records.Select(pair => pair.Record!).FirstOrDefault(record => record.Processes.Any(name => name.Id == entry.Id))?.Trial ?? "an ended run";

    private static bool IsThisBoot(TrialRecord record) => string.Equals(record.BootId, TrialRecord.CurrentBootId, StringComparison.Ordinal);

    private static bool IsAbandoned(string owner) => Owner.Parse(owner) is { IsAlive: false };

    private static bool IsAbandonedProcess(ProcessEntry entry) =>
        entry.IsAlive && entry.Variable(ProcessTree.OwnerVariable) is { } owner && IsAbandoned(owner) && IsInOurNamespace(entry.Id);

    /// <summary>In another container the owner's id means another process.</summary>
    private static bool IsInOurNamespace(int id)
    {
        try
        {
            return string.Equals(new FileInfo($"/proc/{id}/ns/pid").LinkTarget, new FileInfo("/proc/self/ns/pid").LinkTarget, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
