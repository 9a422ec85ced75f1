using System.Globalization;

namespace Tuner.Local.Measuring;

/// <summary>
/// Protects the load generator (this process) from the candidate while it measures: its threads keep to cores that no
/// candidate may use, and come first where that is permitted. Undone on dispose.
/// </summary>
internal sealed class GeneratorShield : IDisposable
{
    private const int RaisedPriority = -10;
    private readonly Machine machine;
    private readonly int usual = Native.GetPriority(0, Environment.ProcessId);
    private readonly bool pinned;
    private readonly bool raised;

    public GeneratorShield(Machine machine)
    {
        this.machine = machine;
        pinned = machine.GeneratorCores.Length > 0 && ForEachThread(thread => Native.SetAffinity(thread, machine.GeneratorCores));
        raised = ForEachThread(thread => Native.SetPriority(0, thread, Math.Min(usual, RaisedPriority)) == 0);
    }

    /// <summary>In words for the measurement: <c>own core 1, raised priority</c>.</summary>
    public string Text => (pinned, raised) switch
    {
        (true, true) => $"own {Cores()}, raised priority",
        (true, false) => $"own {Cores()}",
        (false, true) => "priority over the candidate",
        _ when machine.GeneratorCores.Length == 0 => "priority (the candidate's is lowered)",
        _ => "none",
    };

    /// <summary>The priority that candidates run with: lowered where the generator has no core of its own.</summary>
    public static int CandidateNice(Machine machine) => machine.GeneratorCores.Length > 0 ? 0 : 10;

    public void Dispose()
    {
        // Threads that were started meanwhile inherited both.
        if (raised)
        {
            ForEachThread(thread => Native.SetPriority(0, thread, usual) == 0);
        }

        if (pinned)
        {
            ForEachThread(thread => Native.SetAffinity(thread, machine.Cores));
        }
    }

    private string Cores() => $"{(machine.GeneratorCores.Length == 1 ? "core" : "cores")} {string.Join(',', machine.GeneratorCores)}";

    /// <summary>True when it worked for every thread that still exists.</summary>
    private static bool ForEachThread(Func<int, bool> act)
    {
        var all = true;
        foreach (var directory in Directory.GetDirectories("/proc/self/task"))
        {
            var done = act(int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture));
            all &= done || !Directory.Exists(directory);
        }

        return all;
    }
}
