using System.Diagnostics;

namespace Tuner.Local.Processes;

/// <summary>
/// The processes of one trial as they can be told without cgroups: descendants and session mates of its replicas,
/// whatever carries its markers, whatever was one of them when last looked at, and orphans that came to us.
/// </summary>
internal sealed class ProcessTree(string trialId, Owner owner)
{
    /// <summary>The variable that holds the trial's id in every process of a candidate.</summary>
    public const string TrialVariable = "TUNER_TRIAL";

    /// <summary>The variable that holds the <see cref="Owner"/> in every process of a candidate.</summary>
    public const string OwnerVariable = "TUNER_OWNER";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private readonly Dictionary<(int Id, long Start), ProcessEntry> known = [];
    private readonly HashSet<int> sessions = [];
    private long firstStart = long.MaxValue;

    /// <summary>Members that ended and that somebody (we, or a parent that is just ending) has still to collect.</summary>
    private int uncollected;

    public IReadOnlyDictionary<string, string> Markers { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [TrialVariable] = trialId,
        [OwnerVariable] = owner.ToString(),
    };

    /// <summary>Counts a process in; the launcher makes each replica the leader of a session of its own.</summary>
    public void Add(int id, long start)
    {
        firstStart = Math.Min(firstStart, start);
        var now = ProcessEntry.Read(id);
        if (now is not null && now.Start != start)
        {
            // The id is another process's by now; while anyone of the session lived it could not have been given away.
            return;
        }

        sessions.Add(id);
        if (now is not null)
        {
            known[(id, start)] = now;
        }
    }

    /// <summary>The members that live now. With <paramref name="deep"/> every process's environment is looked at too.</summary>
    public IReadOnlyList<ProcessEntry> Members(bool deep)
    {
        var all = ProcessEntry.All();
        var mine = new HashSet<int>();
        var self = ProcessEntry.Read(Environment.ProcessId);
        foreach (var entry in all)
        {
            if (entry.Id != Environment.ProcessId && entry.Start >= firstStart && (BelongsByItself(entry, self) || (deep && IsMarked(entry))))
            {
                mine.Add(entry.Id);
            }
        }

        // Children of members, until nothing is added.
        while (all.Where(entry => mine.Contains(entry.ParentId) && entry.Start >= firstStart).Count(entry => mine.Add(entry.Id)) > 0)
        {
        }

        IReadOnlyList<ProcessEntry> members = [.. all.Where(entry => mine.Contains(entry.Id))];
        foreach (var member in members)
        {
            known[(member.Id, member.Start)] = member;
        }

        CollectOrphans(members);
        return [.. members.Where(member => member.IsAlive)];
    }

    /// <summary>Kills every member until none is left; false when some do not end within the patience.</summary>
    public async Task<bool> KillAsync(TimeSpan patience, TimeProvider time)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var members = Members(deep: true); members.Count > 0; members = Members(deep: true))
        {
            foreach (var member in members)
            {
                member.Kill();
            }

            if (Stopwatch.GetElapsedTime(begun) > patience)
            {
                return false;
            }

            await Task.Delay(Look, time);
        }

        return true;
    }

    /// <summary>Collects members that ended, for a while: an orphan's remains pass to us only when its parent has gone altogether.</summary>
    public async Task CollectAsync(TimeSpan patience, TimeProvider time)
    {
        var begun = Stopwatch.GetTimestamp();
        for (Members(deep: false); uncollected > 0 && Stopwatch.GetElapsedTime(begun) < patience; Members(deep: false))
        {
            await Task.Delay(Look, time);
        }
    }

    /// <summary>CPU seconds of all members ever seen, each as when last looked at.</summary>
    public double CpuSeconds => known.Values.Sum(entry => entry.CpuSeconds);

    private bool BelongsByItself(ProcessEntry entry, ProcessEntry? self) =>
        known.ContainsKey((entry.Id, entry.Start))
        || sessions.Contains(entry.SessionId)
        // Nothing in Tuner opens sessions but candidates: a child of ours in another session is an orphan of theirs.
        || (self is not null && entry.ParentId == self.Id && entry.SessionId != self.SessionId && HasNoOtherMark(entry));

    private bool HasNoOtherMark(ProcessEntry entry) => entry.Variable(TrialVariable) is not { } id || string.Equals(id, trialId, StringComparison.Ordinal);

    private bool IsMarked(ProcessEntry entry) =>
        string.Equals(entry.Variable(TrialVariable), trialId, StringComparison.Ordinal)
        && string.Equals(entry.Variable(OwnerVariable), owner.ToString(), StringComparison.Ordinal);

    private void CollectOrphans(IReadOnlyList<ProcessEntry> members)
    {
        uncollected = 0;

        // The replicas themselves are collected by .NET, which wants their exit codes.
        foreach (var ended in members.Where(member => !member.IsAlive && !sessions.Contains(member.Id)))
        {
            var collected = ended.ParentId == Environment.ProcessId && Native.WaitPid(ended.Id, out _, Native.WaitNoHang) == ended.Id;
            uncollected += collected ? 0 : 1;
        }
    }
}
