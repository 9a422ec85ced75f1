using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Testing.Sweeps;

namespace Tuner.Core.Tests.Slos;

public sealed class ResourceSloTests
{
    [Theory]
    [InlineData("memory <= 512MiB", CandidateResource.Memory, 536_870_912)]
    [InlineData("memory <= 2 GB", CandidateResource.Memory, 2e9)]
    [InlineData("cpu <= 1.5", CandidateResource.Cpu, 1.5)]
    [InlineData("cpu <= 250m", CandidateResource.Cpu, 0.25)]
    public void Reads_limits_on_what_the_candidate_uses(string text, CandidateResource resource, double limit)
    {
        var slo = Read(text);

        Assert.Equal(new ResourceMetric(resource), slo.Metric);
        Assert.Equal(limit, slo.Limit, 1e-6);
    }

    [Theory]
    [InlineData("memory <= 100ms", "amount of memory")]
    [InlineData("cpu <= 2GB", "number of cores")]
    [InlineData("memory >= 1GiB", "Write <=")]
    [InlineData("memory <= 0MB", "amount of memory")]
    public void Names_the_cure_where_a_limit_makes_no_sense(string text, string cure)
    {
        Assert.False(SloSentence.TryRead(text, out _, out var problem));
        Assert.Contains(cure, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory <= 200MiB", SloVerdict.Met)]
    [InlineData("memory <= 101MiB", SloVerdict.Unknown)]
    [InlineData("memory <= 50MiB", SloVerdict.Missed)]
    [InlineData("cpu <= 2", SloVerdict.Met)]
    [InlineData("cpu <= 0.2", SloVerdict.Missed)]
    public void Judges_the_peak_memory_and_the_mean_cpu_of_the_runs(string text, SloVerdict verdict)
    {
        // Ten CPU seconds in 20 s, after a warm-up of none.
        var runs = Enumerable.Range(0, 3).Select(_ => Using(cpuSeconds: 10, bytes: 100L << 20)).ToList();

        var assessment = SloJudge.Assess(Read(text), runs, new JudgingPlan { Looks = 3 });

        Assert.Equal(verdict, assessment.Verdict);
        Assert.Equal(text.StartsWith("memory", StringComparison.Ordinal) ? 100L << 20 : 0.5, assessment.Estimate!.Value, 1e-6);
    }

    [Fact]
    public void Does_not_know_where_use_was_not_measured()
    {
        var assessment = SloJudge.Assess(Read("memory <= 1GiB"), [SmallSweep.Steady(20)], new JudgingPlan());

        Assert.Equal(SloVerdict.Unknown, assessment.Verdict);
        Assert.Contains("was not measured", assessment.Reason, StringComparison.Ordinal);
    }

    private static Slo Read(string text) => SloSentence.TryRead(text, out var slo, out var problem) ? slo : throw new InvalidOperationException(problem);

    private static Measurement Using(double cpuSeconds, long bytes) =>
        SmallSweep.Steady(20) with { Candidate = new ResourceUse { CpuSeconds = cpuSeconds, PeakResidentBytes = bytes, Enforcement = "none" } };
}
