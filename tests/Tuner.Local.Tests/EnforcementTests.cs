using System.Diagnostics;
using Tuner.Core.Trials;
using Tuner.Local.Processes;

namespace Tuner.Local.Tests;

/// <summary>An instance's size holds for the candidate, as far as this machine can enforce it.</summary>
public sealed class EnforcementTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose()
    {
        bench.Dispose();
        Assert.Empty(Bench.Survivors());
    }

    [CgroupFact("cpu")]
    public async Task A_quarter_of_a_vcpu_is_a_quarter_and_the_throttled_time_is_recorded()
    {
        var share = 0.0;
        bench.Load = async (order, cancellationToken) =>
        {
            var before = await CpuAsync(order.Endpoints[0], cancellationToken);
            var watch = Stopwatch.StartNew();
            await Bench.GetAsync(order.Endpoints[0], "/burn/400", cancellationToken);
            share = (await CpuAsync(order.Endpoints[0], cancellationToken) - before) / watch.Elapsed.TotalSeconds;
        };
        var measured = await MeasuredAsync(bench, 0.25);
        Assert.InRange(share, 0.02, 0.32);
        Assert.True(measured.Measurement.Candidate!.Throttled > TimeSpan.FromMilliseconds(200), $"{measured.Measurement.Candidate.Throttled}");
        Assert.Contains("quota", measured.Measurement.Candidate.Enforcement, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_whole_vcpu_is_one_core_and_never_the_generators(bool cgroups)
    {
        using var own = new Bench(cgroups ? Bench.Machine : Bench.Machine.WithoutCgroups("told so by a test"));
        var cores = "";
        own.Load = async (order, cancellationToken) => cores = (await Bench.GetAsync(order.Endpoints[0], "/where", cancellationToken)).Split('\n')[2];
        var measured = await MeasuredAsync(own, 1);
        Assert.Equal($"Cpus_allowed_list:\t{own.Options.Machine.CandidateCores[0]}", cores);
        Assert.StartsWith(own.Options.Machine.WholeCpus, measured.Measurement.Candidate!.Enforcement, StringComparison.Ordinal);
        Assert.Null(measured.Measurement.Candidate.Throttled);
    }

    [CgroupFact("memory")]
    public async Task A_candidate_that_the_kernel_kills_for_its_memory_is_out_of_memory() => await AssertOutOfMemoryAsync(bench);

    [Fact]
    public async Task A_candidate_that_outgrows_its_memory_is_out_of_memory_where_only_Tuner_watches()
    {
        using var own = new Bench(Bench.Machine.WithoutCgroups("told so by a test"));
        await AssertOutOfMemoryAsync(own);
    }

    [Fact]
    public async Task The_generator_keeps_to_its_cores_while_it_measures_and_is_free_again_afterwards()
    {
        IReadOnlyList<int> during = [];
        bench.Load = (_, _) =>
        {
            during = Native.GetAffinity(0);
            return Task.CompletedTask;
        };
        var measured = await MeasuredAsync(bench, 1);
        var machine = bench.Options.Machine;
        Assert.Equal(machine.GeneratorCores.Length > 0 ? machine.GeneratorCores : machine.Cores, during);
        Assert.Equal(machine.Cores, Native.GetAffinity(Environment.ProcessId));
        Assert.Contains(machine.GeneratorCores.Length > 0 ? "own core" : "priority", measured.Measurement.Generator.Protection, StringComparison.Ordinal);
    }

    private static async Task AssertOutOfMemoryAsync(Bench bench)
    {
        bench.Load = async (order, cancellationToken) =>
        {
            try
            {
                for (var block = 0; block < 100; block++)
                {
                    await Bench.GetAsync(order.Endpoints[0], "/hoard/8", cancellationToken);
                }
            }
            catch (HttpRequestException)
            {
                // It has been killed; a load goes on all the same.
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        };
        var instance = Bench.Instance(1, 0.25);

        // .NET would keep itself within the limit it can see; a server in another language does not.
        var target = bench.Target() with { Environment = [KeyValuePair.Create("DOTNET_GCHeapHardLimit", Core.Sweeps.Template.Parse("0x80000000"))] };
        var failed = Assert.IsType<TrialState.CandidateFailed>((await bench.RunAsync(target, instance: instance, trial: Bench.NewTrial(instance))).State);
        Assert.Equal(FailureKind.OutOfMemory, failed.Kind);
        Assert.Contains("256 MiB", failed.Reason, StringComparison.Ordinal);
    }

    private static async Task<TrialState.Measured> MeasuredAsync(Bench bench, double? vcpus)
    {
        var instance = vcpus is { } size ? Bench.Instance(size, 1) : null;
        return Assert.IsType<TrialState.Measured>((await bench.RunAsync(bench.Target(), instance: instance, trial: Bench.NewTrial(instance))).State);
    }

    private static async Task<double> CpuAsync(Uri endpoint, CancellationToken cancellationToken) =>
        ProcessEntry.Read(int.Parse((await Bench.GetAsync(endpoint, "/where", cancellationToken)).Split('\n')[0]))!.CpuSeconds;
}
