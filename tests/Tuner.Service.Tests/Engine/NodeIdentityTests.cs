using System.Diagnostics;
using Tuner.Local.Processes;
using Tuner.Service.Engine;

namespace Tuner.Service.Tests.Engine;

public sealed class NodeIdentityTests
{
    [Fact]
    public async Task Tells_a_dead_process_of_this_machine_from_a_living_one()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        var node = NodeOf(process.Id);
        Assert.False(NodeIdentity.IsKnownDead(node));

        process.Kill();
        await process.WaitForExitAsync();

        Assert.True(NodeIdentity.IsKnownDead(node));
        Assert.False(NodeIdentity.IsKnownDead(NodeIdentity.Current));
    }

    [Fact]
    public void Says_nothing_of_other_machines_other_starts_and_other_texts()
    {
        var dead = NodeIdentity.Current.Replace(Owner.Current.ToString(), "1-1", StringComparison.Ordinal);
        Assert.True(NodeIdentity.IsKnownDead(dead));

        Assert.False(NodeIdentity.IsKnownDead("other" + dead));
        Assert.False(NodeIdentity.IsKnownDead(dead.Replace('-', '_')));
        Assert.False(NodeIdentity.IsKnownDead("node-1"));
        Assert.Equal(Environment.MachineName, NodeIdentity.HostOf(dead));
    }

    private static string NodeOf(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(' ');
        return NodeIdentity.Current.Replace(Owner.Current.ToString(), $"{process}-{fields[21]}", StringComparison.Ordinal);
    }
}
