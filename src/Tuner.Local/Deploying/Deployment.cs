using System.Collections.Immutable;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local.Cgroups;
using Tuner.Local.Launch;
using Tuner.Local.Leftovers;
using Tuner.Local.Processes;

namespace Tuner.Local.Deploying;

/// <summary>One candidate on this machine, from the first process to the last: started, made ready, watched, removed.</summary>
internal sealed class Deployment
{
    private static readonly TimeSpan RemovalPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LaunchPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(1);
    private readonly DeploymentPlan plan;
    private readonly TimeProvider time;
    private readonly ProcessTree tree;
    private readonly List<ReplicaProcess> replicas = [];
    private CgroupOfTrial? cgroup;
    private TrialRecord record;

    public Deployment(DeploymentPlan plan, TimeProvider time)
    {
        this.plan = plan;
        this.time = time;
        tree = new ProcessTree(plan.TrialId, Owner.Current);
        record = new TrialRecord { Trial = plan.TrialId, Owner = Owner.Current.ToString(), BootId = TrialRecord.CurrentBootId };
    }

    /// <summary>Where the replicas answer, in their order.</summary>
    public ImmutableArray<Uri> Endpoints { get; private set; } = [];

    public IReadOnlyList<ReplicaProcess> Replicas => replicas;

    public CgroupOfTrial? Cgroup => cgroup;

    public ProcessTree Tree => tree;

    /// <summary>Starts all replicas and waits until each is ready; null when they are.</summary>
    public async Task<Failure?> StartAsync(IReadOnlyList<int> ports, CancellationToken cancellationToken)
    {
        Endpoints = [.. ports.Select(port => new Uri($"http://127.0.0.1:{port}"))];

        // The intent is on disk before anything exists.
        record.Save(plan.RecordDirectory);
        if (PrepareCgroup() is { } refused)
        {
            return refused;
        }

        for (var replica = 0; replica < ports.Count; replica++)
        {
            if (await StartReplicaAsync(replica, ports[replica]) is { } failure)
            {
                return failure;
            }
        }

        using var probe = new ReadinessProbe(time);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, ports.Count).Select(replica => MakeReadyAsync(probe, replica, ports[replica], cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();
        Remember();
        return OutOfMemory() ?? outcomes.FirstOrDefault(outcome => outcome is not null);
    }

    /// <summary>What is wrong with the candidate at this moment; null when all its replicas run.</summary>
    public Failure? Check()
    {
        if (OutOfMemory() is { } failure)
        {
            return failure;
        }

        var index = replicas.FindIndex(replica => replica.HasExited);
        return index < 0 ? null : new Failure.OfCandidate(FailureKind.ExitedUnderLoad, $"{Name(index)} {replicas[index].Ending()}, while it was measured.");
    }

    /// <summary>
    /// Writes down the processes that belong to it now, where no cgroup keeps that list: a daemon that cleared its
    /// environment could not be found any more by a Tuner that starts after this one was killed.
    /// </summary>
    public void Remember()
    {
        var names = replicas.Select(replica => new ProcessName(replica.Id, replica.Start));
        if (cgroup is null)
        {
            names = names.Concat(tree.Members(deep: false).Select(member => new ProcessName(member.Id, member.Start))).Distinct();
        }

        ImmutableArray<ProcessName> now = [.. names.OrderBy(name => name.Id)];
        if (!now.SequenceEqual(record.Processes))
        {
            record = record with { Processes = now };
            record.Save(plan.RecordDirectory);
        }
    }

    /// <summary>Completes when any replica ends.</summary>
    public Task AnyExited => Task.WhenAny(replicas.Select(replica => replica.Exited));

    /// <summary>
    /// Ends the candidate: asks, waits for the grace, then kills whatever is left of it, wherever it went. False when
    /// something could not be removed; its record stays then.
    /// </summary>
    public async Task<bool> RemoveAsync(TimeSpan grace)
    {
        foreach (var replica in replicas)
        {
            replica.Terminate();
        }

        await Task.WhenAny(Task.WhenAll(replicas.Select(replica => replica.Exited)), Task.Delay(grace, time));
        var gone = await KillAllAsync();
        await Task.WhenAny(Task.WhenAll(replicas.SelectMany(replica => new[] { replica.Exited, replica.LogEnded })), Task.Delay(LogPatience, time));
        await tree.CollectAsync(LogPatience, time);
        foreach (var replica in replicas)
        {
            replica.Dispose();
        }

        if (gone)
        {
            TrialRecord.Delete(plan.RecordDirectory, plan.TrialId);
        }

        return gone;
    }

    /// <summary>The last words of all replicas, each under its name where there are several.</summary>
    public string LogTail() => replicas.Count == 1
        ? replicas[0].Log.ToString()
        : string.Join('\n', replicas.Select((replica, index) => $"--- replica {index}\n{replica.Log}"));

    /// <summary>A failure whose cause is memory, whatever it looked like from outside; null when memory was enough.</summary>
    public Failure? OutOfMemory()
    {
        for (var replica = 0; cgroup is not null && replica < replicas.Count; replica++)
        {
            if (cgroup.OutOfMemoryKills(replica) > 0)
            {
                return new Failure.OfCandidate(FailureKind.OutOfMemory, $"{Name(replica)} was killed by the kernel: it used more than its {Mib(plan.Placement.Replicas[replica].MemoryBytes)} of memory.");
            }
        }

        return null;
    }

    /// <summary>The failure of using more memory than all replicas may have together, where nobody but Tuner watches it.</summary>
    public Failure? OverMemory(long residentBytes)
    {
        var limit = plan.Placement.Replicas.Sum(replica => replica.MemoryBytes);
        return !plan.Machine.LimitsMemory && plan.Placement.Replicas.All(replica => replica.MemoryBytes is not null) && residentBytes > limit
            ? new Failure.OfCandidate(FailureKind.OutOfMemory, $"It used {Mib(residentBytes)} of memory, more than the {Mib(limit)} of its instances.")
            : null;
    }

    private static string Mib(long? bytes) => $"{bytes / (1024.0 * 1024):0} MiB";

    private string Name(int replica) => replicas.Count == 1 ? "The process" : $"Replica {replica}";

    private Failure? PrepareCgroup()
    {
        if (plan.Machine.Hierarchy is not { } hierarchy)
        {
            return null;
        }

        try
        {
            var name = $"{Owner.Current}-{TrialRecord.SafeName(plan.TrialId)}";
            record = record with { CgroupFolders = [.. hierarchy.FoldersOf(name)] };
            record.Save(plan.RecordDirectory);
            cgroup = hierarchy.Create(name, favoured: plan.Machine.GeneratorCores.Length > 0);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure.OfMachine($"The machine refused a cgroup for the candidate: {error.Message}");
        }
    }

    private async Task<Failure?> StartReplicaAsync(int replica, int port)
    {
        var folder = Path.Combine(TrialRecord.FolderOf(plan.RecordDirectory, plan.TrialId), $"r{replica}");
        var command = plan.Render(new ReplicaContext(replica, port, folder, plan.SamplesDirectory, tree.Markers));
        if (command.FindProgram(plan.Target.WorkingDirectory) is not { } program)
        {
            return new Failure.OfCandidate(FailureKind.CannotStart, $"There is no program '{command.Arguments[0]}' to run. Give its full path, or put its folder into PATH.");
        }

        ReplicaProcess process;
        try
        {
            command.WriteFiles(folder);
            var limits = plan.Placement.Replicas[replica];
            var spec = new LaunchSpec
            {
                ParentId = Environment.ProcessId,
                WorkingDirectory = plan.Target.WorkingDirectory,
                Program = program,
                Arguments = command.Arguments,
                Environment = [.. command.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
                CgroupFiles = [.. cgroup?.AddReplica(replica, limits) ?? []],
                Cores = [.. limits.Cores],
                Nice = plan.Nice,
            };
            process = await ReplicaProcess.StartAsync(spec, tree.Markers);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return new Failure.OfMachine($"The candidate could not be started on this machine: {error.Message}");
        }

        replicas.Add(process);
        tree.Add(process.Id, process.Start);
        Remember();
        return null;
    }

    private async Task<Failure?> MakeReadyAsync(ReadinessProbe probe, int index, int port, CancellationToken cancellationToken)
    {
        var replica = replicas[index];
        switch (await LaunchedAsync(replica, cancellationToken))
        {
            case Handshake.CandidateFault fault:
                return new Failure.OfCandidate(FailureKind.CannotStart, $"{Name(index)} could not be started: {fault.Reason}.");
            case Handshake.MachineFault fault:
                return new Failure.OfMachine($"{Name(index)} could not be started: {fault.Reason}.");
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timedOut = Task.Delay(plan.Target.Readiness.Timeout, time, timeout.Token);
        var giveUp = Task.WhenAny(timedOut, AnyExited);
        var answer = await probe.WaitAsync(new Uri(Endpoints[index], plan.Target.Readiness.Path), giveUp, cancellationToken);
        await timeout.CancelAsync();
        if (Ports.IsHeldByAnother(port, Members()))
        {
            return new Failure.OfCandidate(FailureKind.PortInUse, $"Another program took the port {port} that {Name(index)} was given.");
        }

        if (answer is null && !replica.HasExited)
        {
            return null;
        }

        return replica.HasExited
            ? new Failure.OfCandidate(FailureKind.ExitedAtStart, $"{Name(index)} {replica.Ending()}, before it was ready.")
            : replicas.Exists(other => other.HasExited)
                ? null // The other one is the failure; this one was only not waited for.
                : new Failure.OfCandidate(
                    FailureKind.NeverReady,
                    $"{Name(index)} was not ready within {plan.Target.Readiness.Timeout.TotalSeconds:0.#} s: {plan.Target.Readiness.Path} gave {answer}.");
    }

    /// <summary>The launcher needs a fraction of a second; where it needs very much more, something is wrong with the machine.</summary>
    private async Task<Handshake> LaunchedAsync(ReplicaProcess replica, CancellationToken cancellationToken)
    {
        try
        {
            return await replica.Launched.WaitAsync(LaunchPatience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new Handshake.MachineFault($"the launcher did not start within {LaunchPatience.TotalSeconds:0} s");
        }
    }

    private IEnumerable<int> Members() => tree.Members(deep: true).Select(member => member.Id).Concat(cgroup?.Members() ?? []).Distinct();

    private async Task<bool> KillAllAsync()
    {
        if (cgroup is not null && !await cgroup.RemoveAsync(RemovalPatience, time))
        {
            return false;
        }

        plan.Machine.Hierarchy?.RemoveRoots();
        return await tree.KillAsync(RemovalPatience, time);
    }
}
