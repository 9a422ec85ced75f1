using System.Collections.Immutable;
using System.Security.Cryptography;
using Tuner.Argo.Rendering;
using Tuner.Argo.Trials;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;

namespace Tuner.Argo.Tests.Trials;

/// <summary>What Tuner makes of the outputs of a Workflow that succeeded.</summary>
public sealed class TrialVerdictTests
{
    [Fact]
    public void A_measurement_in_pieces_is_put_together()
    {
        var measurement = Measurement() with { Notes = [.. Enumerable.Range(0, 2_500).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(100)))] };
        var pieces = MeasurementPack.Pieces(MeasurementPack.ToText(measurement));
        Assert.Equal(MeasurementPack.MaxPieces, pieces.Length + 1);

        var state = TrialVerdict.Of(Succeeded(Outputs([.. pieces, "-"])), Nothing);

        Assert.Equal(measurement.Notes.AsEnumerable(), Assert.IsType<TrialState.Measured>(state).Measurement.Notes);
    }

    [Fact]
    public void A_measurement_that_lost_a_piece_is_invalid_and_not_half_read()
    {
        var measurement = Measurement() with { Notes = [.. Enumerable.Range(0, 2_500).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(100)))] };

        var state = TrialVerdict.Of(Succeeded(Outputs([MeasurementPack.Pieces(MeasurementPack.ToText(measurement))[0], "-", "-"])), Nothing);

        Assert.Contains("cannot be read", Assert.IsType<TrialState.Invalid>(state).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_per_replica_of_all_load_pods_are_told()
    {
        var (left, right) = (Packed(("10.0.0.7:80", 60, 60), ("10.0.0.8:80", 60, 60)), Packed(("10.0.0.7:80", 60, 60), ("10.0.0.8:80", 60, 58)));

        var state = TrialVerdict.Of(Succeeded(Outputs([left]), Outputs([right])), Nothing);

        Assert.Contains("requests answered per replica: 10.0.0.7:80 120, 10.0.0.8:80 118 of 120", Assert.IsType<TrialState.Measured>(state).Measurement.Notes);
    }

    [Fact]
    public void A_replica_that_answers_far_less_than_the_others_makes_the_trial_invalid()
    {
        var state = TrialVerdict.Of(Succeeded(Outputs([Packed(("10.0.0.7:80", 100, 100), ("10.0.0.8:80", 100, 40))])), Nothing);

        var invalid = Assert.IsType<TrialState.Invalid>(state);
        Assert.Contains("replica 10.0.0.7:80 answered 100 of 100 requests", invalid.Reason, StringComparison.Ordinal);
        Assert.NotNull(invalid.Measurement);
    }

    [Theory]
    [InlineData("pod deleted")]
    [InlineData("The node was low on resource: memory. Container main was using 1Gi, which exceeds its request of 256Mi.")]
    [InlineData("Pod was terminated in response to imminent node shutdown.")]
    public void A_step_whose_pod_was_taken_away_interrupts_the_trial(string message)
    {
        foreach (var step in new[] { "deploy-0", "ready", "load", "load(1:1)" })
        {
            var status = new WorkflowStatus
            {
                Phase = "Error",
                Message = "child 'w-1' failed",
                Nodes = [new WorkflowNode { Id = "w-1", Name = step, Type = "Pod", Phase = "Error", Message = message, Outputs = ImmutableDictionary<string, string>.Empty }],
            };

            Assert.Contains(message, Assert.IsType<TrialState.Interrupted>(TrialVerdict.Of(status, Nothing)).Cause, StringComparison.Ordinal);
        }
    }

    private static TrialVerdict.Seen Nothing => new(null, null, ImmutableArray<ClusterEvent>.Empty, "");

    private static string Packed(params (string Address, long Sent, long Answered)[] replicas) =>
        MeasurementPack.ToText(Measurement() with { Replicas = [.. replicas.Select(replica => new ReplicaRequests(replica.Address, replica.Sent, replica.Answered))] });

    internal static Measurement Measurement() => new()
    {
        StartedAt = DateTimeOffset.UnixEpoch,
        Engine = "native",
        OpenModel = true,
        Warmup = TimeSpan.Zero,
        Phases = [new PhaseMeasurement { Name = "steady", Duration = TimeSpan.FromSeconds(1), Seconds = [new SecondMeasurement { Index = 0, Scheduled = 1, Succeeded = 1 }] }],
        Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0, PeakConnections = 1, InFlightAtEnd = 0 },
    };

    private static ImmutableDictionary<string, string> Outputs(IReadOnlyList<string> pieces) =>
        TrialWorkflow.MeasurementParameters.Zip(pieces).ToImmutableDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    private static WorkflowStatus Succeeded(params ImmutableDictionary<string, string>[] pods) => new()
    {
        Phase = "Succeeded",
        Nodes = [.. pods.Select((outputs, index) => new WorkflowNode { Id = $"load-{index}", Name = $"load({index}:{index})", Type = "Pod", Phase = "Succeeded", Message = "", Outputs = outputs })],
    };
}
