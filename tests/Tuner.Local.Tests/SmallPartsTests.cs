using System.Text;
using Tuner.Local.Deploying;
using Tuner.Local.Launch;
using Tuner.Local.Processes;

namespace Tuner.Local.Tests;

public sealed class SmallPartsTests
{
    [Fact]
    public void A_log_tail_keeps_the_last_whole_lines_in_its_bytes()
    {
        var log = new LogTail(32);
        log.Append("first line\n"u8);
        Assert.Equal("first line\n", log.ToString());
        log.Append(Encoding.UTF8.GetBytes("second line\nthird line\nfourth line\n"));
        Assert.Equal("…\nthird line\nfourth line\n", log.ToString());
    }

    [Fact]
    public void A_process_name_may_hold_spaces_and_parentheses()
    {
        var entry = ProcessEntry.Parse("42 (a) R (b) S 7 42 42 0 -1 0 0 0 0 0 150 50 0 0 20 0 1 0 9000 0 10 0");
        Assert.Equal((42, "a) R (b", 'S', 7, 42), (entry.Id, entry.Name, entry.State, entry.ParentId, entry.SessionId));
        Assert.Equal(2.0, entry.CpuSeconds);
        Assert.Equal(9000, entry.Start);
        Assert.Equal(10L * Environment.SystemPageSize, entry.ResidentBytes);
    }

    [Fact]
    public void An_owner_is_alive_only_with_its_own_start()
    {
        Assert.True(Owner.Current.IsAlive);
        Assert.False((Owner.Current with { Start = Owner.Current.Start + 1 }).IsAlive);
        Assert.Equal(Owner.Current, Owner.Parse(Owner.Current.ToString()));
        Assert.Null(Owner.Parse("nonsense"));
    }

    [Fact]
    public void A_launch_travels_whole_or_not_at_all()
    {
        var spec = new LaunchSpec
        {
            ParentId = 1,
            WorkingDirectory = "/",
            Program = "/bin/server",
            Arguments = ["server", "", "two words\nand a line"],
            Environment = ["A=1", "B="],
            CgroupFiles = ["/x/cgroup.procs"],
            Cores = [0, 3],
            Nice = 10,
        };
        var bytes = spec.ToBytes();
        var read = LaunchSpec.Parse(bytes)!;
        Assert.True(spec.Arguments.SequenceEqual(read.Arguments));
        Assert.True(spec.Environment.SequenceEqual(read.Environment));
        Assert.True(spec.CgroupFiles.SequenceEqual(read.CgroupFiles));
        Assert.True(spec.Cores.SequenceEqual(read.Cores));
        Assert.Equal((1, "/", "/bin/server", 10), (read.ParentId, read.WorkingDirectory, read.Program, read.Nice));
        Assert.Null(LaunchSpec.Parse(bytes[..^3]));
    }

    [Fact]
    public void A_handshake_tells_a_started_program_from_one_that_could_not_start()
    {
        Assert.IsType<Handshake.Started>(Handshake.Parse("S"));
        Assert.Equal("cannot run", Assert.IsType<Handshake.CandidateFault>(Handshake.Parse("SCcannot run")).Reason);
        Assert.Equal("no cgroup", Assert.IsType<Handshake.MachineFault>(Handshake.Parse("Mno cgroup")).Reason);
        Assert.IsType<Handshake.MachineFault>(Handshake.Parse(""));
    }

    [Fact]
    public void Ports_are_different_free_and_outside_the_range_of_outgoing_connections()
    {
        var ports = Ports.Allocate(50);
        Assert.Equal(50, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 18_000, 29_999));
        Assert.False(Ports.IsHeldByAnother(ports[0], []));
    }
}
