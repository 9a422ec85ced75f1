using Tuner.Core.Space;
using Tuner.Core.Statistics;
using Tuner.Core.Trials;

namespace Tuner.Testing.Simulation;

/// <summary>
/// The known truth about a simulated model server: what a candidate's knobs do to latency, capacity and failures, without
/// any noise. Replicas x workers serve in parallel; threads shorten one inference with diminishing returns; batches share a
/// fixed cost but wait for each other; cores that are used together slow each other down a little.
/// </summary>
public sealed record ServiceSurface
{
    /// <summary>Seconds of one inference on one thread, and the part of it that a batch pays once.</summary>
    public required double InferenceSeconds { get; init; }

    public required double FixedShare { get; init; }

    /// <summary>The share of an inference that threads cannot speed up.</summary>
    public required double SerialShare { get; init; }

    /// <summary>How much each further busy core slows the others.</summary>
    public required double Contention { get; init; }

    /// <summary>Standard deviation of ln(inference time) from request to request.</summary>
    public double Spread { get; init; } = 0.25;

    /// <summary>How much faster an instance of <see cref="SimulatedSweep.Fast"/> computes than the others.</summary>
    public double FastSpeed { get; init; } = 1;

    /// <summary>Batches from this size on do not fit into the small instance.</summary>
    public int OutOfMemoryBatch { get; init; } = 16;

    /// <summary>The latency law of a candidate at a rate: capacity, inference time, and waiting.</summary>
    public ServiceLaw At(Candidate candidate, double ratePerSecond)
    {
        double Knob(string name) => candidate[name].Number!.Value;
        var servers = Knob("replicas") * Knob("workers");
        var threads = Knob("threads");
        var batch = Knob("batchSize");
        var busyCores = Knob("workers") * threads;
        var slow = 1 + (Contention * (busyCores - 1));
        var speed = string.Equals(candidate[SearchSpace.InstanceTypeParameter].Text, SimulatedSweep.Fast, StringComparison.Ordinal) ? FastSpeed : 1;
        var one = InferenceSeconds / speed * (SerialShare + ((1 - SerialShare) / threads)) * slow;
        double Batch(double size) => one * (FixedShare + ((1 - FixedShare) * size));
        var capacity = servers * batch / Batch(batch);
        var load = ratePerSecond / capacity;

        // Batches fill as the load rises; at low load a request travels alone.
        var filled = 1 + ((batch - 1) * Math.Min(1, load));
        var inference = Batch(filled);
        var waiting = load < 1
            ? inference / servers * Math.Pow(load, Math.Sqrt(2 * (servers + 1)) - 1) / (1 - load)
            : inference;
        return new ServiceLaw(capacity, load, inference, waiting, Math.Min(1, Math.Pow(load, Math.Sqrt(2 * (servers + 1)) - 1)), Spread);
    }

    /// <summary>How the candidate fails by its own fault; null where it runs.</summary>
    public (FailureKind Kind, string Reason)? FailureOf(Candidate candidate)
    {
        var batch = (int)candidate["batchSize"].Number!.Value;
        var small = string.Equals(candidate[SearchSpace.InstanceTypeParameter].Text, SimulatedSweep.Small, StringComparison.Ordinal);
        if (small && batch >= OutOfMemoryBatch)
        {
            return (FailureKind.OutOfMemory, $"a batch of {batch} does not fit into the instance's memory");
        }

        return candidate["workers"].Number >= 4 && batch >= OutOfMemoryBatch
            ? (FailureKind.NeverReady, "the workers load the model one after the other")
            : null;
    }
}

/// <summary>
/// Latency = inference (log-normal around <see cref="InferenceSeconds"/>) + with the chance <see cref="WaitChance"/> an
/// exponential wait. At a load of one and more the queue grows for as long as requests come.
/// </summary>
public sealed record ServiceLaw(double Capacity, double Load, double InferenceSeconds, double WaitSeconds, double WaitChance, double Spread)
{
    private static readonly double[] LevelNodes = Midpoints(16);
    private static readonly double[] InferenceNodes = Midpoints(48);

    public bool IsOverloaded => Load >= 1;

    public double Draw(Chance chance)
    {
        var latency = InferenceSeconds * Math.Exp(Spread * chance.Normal());
        return chance.Uniform() < WaitChance ? latency + chance.Exponential(WaitSeconds) : latency;
    }

    /// <summary>The long-run quantile of the latency under the levels of a noise family; infinite when overloaded.</summary>
    public double Quantile(double quantile, NoiseFamily noise)
    {
        if (IsOverloaded)
        {
            return double.PositiveInfinity;
        }

        double low = Math.Log(InferenceSeconds) - 5, high = Math.Log(InferenceSeconds + WaitSeconds) + 8;
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            if (Tail(Math.Exp(middle), noise) > 1 - quantile)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Exp(low);
    }

    private double Tail(double seconds, NoiseFamily noise)
    {
        double sum = 0;
        foreach (var node in LevelNodes)
        {
            var level = noise.LevelDeviation * node;
            var calm = Tail(seconds * Math.Exp(-level));
            var spell = noise.SpellShare > 0 ? Tail(seconds * Math.Exp(-level) / noise.SpellFactor) : 0;
            sum += ((1 - noise.SpellShare) * calm) + (noise.SpellShare * spell);
        }

        return sum / LevelNodes.Length;
    }

    private double Tail(double seconds)
    {
        var alone = 1 - Distributions.NormalCdf(Math.Log(seconds / InferenceSeconds) / Spread);
        double waited = 0;
        foreach (var node in InferenceNodes)
        {
            var inference = InferenceSeconds * Math.Exp(Spread * node);
            waited += inference >= seconds ? 1 : Math.Exp(-(seconds - inference) / WaitSeconds);
        }

        return ((1 - WaitChance) * alone) + (WaitChance * waited / InferenceNodes.Length);
    }

    private static double[] Midpoints(int count) => [.. Enumerable.Range(0, count).Select(step => Distributions.NormalQuantile((step + 0.5) / count))];
}
