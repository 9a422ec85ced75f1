using Tuner.Core.Slos;

namespace Tuner.Testing.SearchTasks;

/// <summary>The generated families by name.</summary>
public static class SearchTaskFamilies
{
    public static IReadOnlyList<SearchTaskFamily> All { get; } =
        [new WebServiceFamily(), new BatchedAcceleratorFamily(), new SharedAcceleratorFamily(), new ClusterJobFamily(), new CacheFamily(), new ContainerFamily(), new CloudJobFamily()];
}

/// <summary>A web service on rented machines: replicas of worker processes with threads, CPU work and waiting, memory a worker.</summary>
public sealed class WebServiceFamily : SearchTaskFamily
{
    public override string Name => "web";

    protected override TaskDraft Draw(Random random)
    {
        var machines = MachineCatalog.Cpu(random);
        var (work, waiting) = (LogBetween(random, 0.002, 0.05), LogBetween(random, 0.001, 0.1));
        var (memory, serial, tail) = (LogBetween(random, 0.2, 2.5), random.NextDouble() < 0.4, Between(random, 1.2, 3));
        var (switching, arrivals) = (Between(random, 0, 0.15), 0.0);
        arrivals = LogBetween(random, 3, 30) / work;
        var batches = random.NextDouble() < 0.5 ? new double[] { 1, 4, 16 } : [1];
        var (fixedShare, delay) = (Between(random, 0.2, 0.8), LogBetween(random, 0.001, 0.02));
        var metrics = new[] { new TaskMetric("p99_ms", Bound.AtMost, 0.08), new TaskMetric("error_rate", Bound.AtMost, 0, 0.01) };
        return TaskDraft.Product(
            [
                MachineCatalog.Axis("instance", machines, ("vcpu", machine => machine.Vcpus), ("mem_gb", machine => machine.Memory)),
                TaskAxis.Ordered("replicas", true, 1, 2, 3, 4, 6, 8, 10),
                TaskAxis.Ordered("workers", null, 1, 2, 4, 8),
                TaskAxis.Ordered("threads", null, 1, 2, 4),
                TaskAxis.Ordered("batch", null, batches),
            ],
            [.. metrics],
            setting =>
            {
                var machine = machines.First(known => known.Name == setting[0].Text);
                var (replicas, workers, threads, batch) = (setting[1].Number!.Value, setting[2].Number!.Value, setting[3].Number!.Value, setting[4].Number!.Value);
                if (memory * workers * (1 + (0.1 * threads)) > machine.Memory)
                {
                    return new TaskRow(setting, machine.Price * replicas, [20_000, 1]);
                }

                var perRequest = work * (fixedShare + ((1 - fixedShare) * batch)) / batch / machine.Speed;
                var slots = workers * threads;
                var busy = Math.Min(machine.Vcpus, serial ? workers : slots);
                var pressure = 1 + (switching * Math.Max(0, slots - machine.Vcpus) / machine.Vcpus);
                var capacity = Math.Min(busy / (perRequest * pressure), slots / ((perRequest * pressure) + (waiting / batch)));
                var serving = (perRequest * batch * pressure) + waiting;
                var (p99, errors) = Queueing.Station(arrivals / replicas, Math.Max(1, capacity * serving), serving, tail, 20);
                return new TaskRow(setting, machine.Price * replicas, [1000 * (p99 + (batch > 1 ? delay : 0)), errors]);
            });
    }
}

/// <summary>Models on accelerators with dynamic batching: a roofline sets the time of a batch, replicas multiply the rate.</summary>
public sealed class BatchedAcceleratorFamily : SearchTaskFamily
{
    public override string Name => "batched";

    protected override TaskDraft Draw(Random random)
    {
        var machines = MachineCatalog.Accelerators(random);
        var (flops, bytes, overhead) = (LogBetween(random, 0.005, 0.3), LogBetween(random, 0.05, 3), LogBetween(random, 0.0003, 0.01));
        var (quirks, contention) = (machines.ToDictionary(machine => machine.Name, _ => Math.Exp(Normal(random, 0.2))), Between(random, 0, 0.1));
        var int8 = random.NextDouble() < 0.5;
        var axes = new List<TaskAxis>
        {
            MachineCatalog.Axis("gpu", machines, ("mem_gb", machine => machine.Memory), ("bw_gbs", machine => machine.Bandwidth), ("tflops", machine => machine.Flops)),
            TaskAxis.Ordered("inflight", null, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128),
            TaskAxis.Ordered("replicas", true, 1, 2, 3, 4, 6, 8),
        };
        if (int8)
        {
            axes.Add(new TaskAxis("precision", [Core.Space.ParameterValue.Of("fp16"), Core.Space.ParameterValue.Of("int8")], new()));
        }

        return TaskDraft.Product(
            [.. axes],
            [new TaskMetric("p99_ms", Bound.AtMost, 0.06), new TaskMetric("rps", Bound.AtLeast, 0.02)],
            setting =>
            {
                var machine = machines.First(known => known.Name == setting[0].Text);
                var (batch, replicas, gain) = (setting[1].Number!.Value, setting[2].Number!.Value, int8 && setting[3].Text == "int8" ? 1.6 : 1);
                var seconds = (overhead + Math.Max(flops * batch / machine.Flops / gain, bytes / machine.Bandwidth / gain)) * quirks[machine.Name];
                var rate = batch / seconds;
                return new TaskRow(setting, machine.Price * replicas, [1000 * seconds * (1.3 + (contention * Math.Log2(batch))), rate * replicas]);
            });
    }
}

/// <summary>Text generation shared by users: machines x accelerators a pod x pods; memory holds the users' state or requests fail.</summary>
public sealed class SharedAcceleratorFamily : SearchTaskFamily
{
    public override string Name => "shared";

    protected override TaskDraft Draw(Random random)
    {
        var machines = MachineCatalog.Accelerators(random);
        var (weights, state) = (LogBetween(random, 6, 60), LogBetween(random, 0.1, 1.5));
        var (users, scaling) = (LogBetween(random, 30, 600), Between(random, 0.5, 0.95));
        var (prefill, podQuirk) = (LogBetween(random, 5, 60), Between(random, 0.02, 0.15));
        var quirks = machines.ToDictionary(machine => machine.Name, _ => Math.Exp(Normal(random, 0.25)));
        return TaskDraft.Product(
            [
                MachineCatalog.Axis("gpu", machines, ("mem_gb", machine => machine.Memory), ("bw_gbs", machine => machine.Bandwidth), ("tflops", machine => machine.Flops)),
                TaskAxis.Ordered("gpus_per_pod", null, 1, 2, 4),
                TaskAxis.Ordered("pods", true, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32),
            ],
            [new TaskMetric("ttft_ms", Bound.AtMost, 0.08), new TaskMetric("itl_ms", Bound.AtMost, 0.04), new TaskMetric("error_rate", Bound.AtMost, 0, 0.02)],
            setting =>
            {
                var machine = machines.First(known => known.Name == setting[0].Text);
                var (cards, pods) = (setting[1].Number!.Value, setting[2].Number!.Value);
                if (weights * 1.1 > machine.Memory * cards)
                {
                    return null;
                }

                var power = Math.Pow(cards, scaling) / quirks[machine.Name];
                var each = users / pods;
                var held = Math.Max(1, ((machine.Memory * cards) - weights) / state);
                var batch = Math.Min(each, held);
                var token = ((weights + (batch * state * 0.5)) / (machine.Bandwidth * power)) + (0.004 * (1 + (0.1 * Math.Log2(cards))));
                var first = prefill * weights / 1000 / (machine.Flops * power) * (1 + (each / 4)) + (Math.Max(0, each - held) * token * 3) + 0.02;
                var lost = each > held ? 1 - Math.Sqrt(held / each) : 0;
                var noise = Math.Exp(podQuirk * Math.Sin((pods * 3.1) + cards + machine.Flops));
                return new TaskRow(setting, machine.Price * cards * pods, [1000 * first * noise, 1000 * token / noise, lost]);
            });
    }
}

/// <summary>A job on a cluster: node types without known attributes, Amdahl's law, communication, and effects nobody can explain.</summary>
public sealed class ClusterJobFamily : SearchTaskFamily
{
    public override string Name => "cluster";

    protected override TaskDraft Draw(Random random)
    {
        var types = Enumerable.Range(0, random.Next(8, 20)).Select(index => (
            Name: $"n{index}", Speed: Math.Exp(Normal(random, 0.35)), Price: LogBetween(random, 0.03, 0.3))).ToArray();
        // Dearer machines are faster on average.
        types = [.. types.Select(type => type with { Speed = type.Speed * Math.Pow(type.Price / 0.1, 0.3) })];
        var (serial, talk, quirk) = (Between(random, 0.05, 0.7), Between(random, 0, 0.06), Between(random, 0.03, 0.18));
        return TaskDraft.Product(
            [
                new TaskAxis("node_type", [.. types.Select(type => Core.Space.ParameterValue.Of(type.Name))], new()),
                TaskAxis.Ordered("nodes", true, 2, 3, 4, 5, 6),
            ],
            [new TaskMetric("runtime_s", Bound.AtMost, 0.05), new TaskMetric("error_rate", Bound.AtMost, 0, 0.01)],
            setting =>
            {
                var type = types.First(known => known.Name == setting[0].Text);
                var nodes = setting[1].Number!.Value;
                var seconds = 60 / type.Speed * (serial + ((1 - serial) / nodes) + (talk * nodes)) * Math.Exp(Normal(random, quirk));
                return new TaskRow(setting, type.Price * nodes, [seconds, 0]);
            });
    }
}

/// <summary>A cache in front of a store: memory decides the share of hits, connections queue for the store, shards share the load.</summary>
public sealed class CacheFamily : SearchTaskFamily
{
    public override string Name => "cache";

    protected override TaskDraft Draw(Random random)
    {
        var machines = MachineCatalog.Cpu(random);
        var (working, skew) = (LogBetween(random, 4, 100), Between(random, 0.2, 0.8));
        var (fast, slow, arrivals) = (LogBetween(random, 0.0001, 0.0008), LogBetween(random, 0.004, 0.05), LogBetween(random, 5_000, 50_000));
        var storeServers = random.Next(4, 40);
        return TaskDraft.Product(
            [
                MachineCatalog.Axis("instance", machines, ("vcpu", machine => machine.Vcpus), ("mem_gb", machine => machine.Memory)),
                TaskAxis.Ordered("shards", true, 1, 2, 3, 4, 6, 8, 12),
                TaskAxis.Ordered("io_threads", null, 1, 2, 4),
                TaskAxis.Ordered("connections", null, 8, 32, 128),
            ],
            [new TaskMetric("p95_ms", Bound.AtMost, 0.07), new TaskMetric("rps", Bound.AtLeast, 0.03)],
            setting =>
            {
                var machine = machines.First(known => known.Name == setting[0].Text);
                var (shards, threads, connections) = (setting[1].Number!.Value, setting[2].Number!.Value, setting[3].Number!.Value);
                var hit = Math.Min(0.999, Math.Pow(Math.Min(1, machine.Memory * 0.8 * shards / working), skew));
                var servers = Math.Min(threads, machine.Vcpus) * machine.Speed;
                var (own, lost) = Queueing.Station(arrivals / shards, servers, fast, 2, 2);
                var (store, more) = Queueing.Station(arrivals * (1 - hit), Math.Min(connections * shards, storeServers * 8), slow, 1.5, 2);
                var value = (own * hit) + (store * Math.Min(1, (1 - hit) * 20)) + (fast * connections / 32);
                return new TaskRow(setting, machine.Price * shards, [1000 * value, arrivals * (1 - lost) * (1 - ((1 - hit) * more))]);
            });
    }
}

/// <summary>A container with requested CPU and memory, priced by resources: garbage collection slows it where memory is short.</summary>
public sealed class ContainerFamily : SearchTaskFamily
{
    public override string Name => "container";

    protected override TaskDraft Draw(Random random)
    {
        var (work, waiting, heap) = (LogBetween(random, 0.003, 0.04), LogBetween(random, 0.001, 0.06), LogBetween(random, 0.3, 4));
        var (arrivals, collect) = (LogBetween(random, 2, 20) / work, Between(random, 0.1, 0.6));
        var (cpuPrice, memoryPrice) = (0.03, LogBetween(random, 0.003, 0.01));
        return TaskDraft.Product(
            [
                TaskAxis.Ordered("cpu", true, 0.5, 1, 2, 4, 8),
                TaskAxis.Ordered("memory", true, 0.5, 1, 2, 4, 8),
                TaskAxis.Ordered("replicas", true, 1, 2, 3, 4, 6, 8, 12),
                TaskAxis.Ordered("pool", null, 2, 8, 32),
            ],
            [new TaskMetric("p99_ms", Bound.AtMost, 0.08), new TaskMetric("error_rate", Bound.AtMost, 0, 0.01)],
            setting =>
            {
                var (cpu, memory, replicas, pool) = (setting[0].Number!.Value, setting[1].Number!.Value, setting[2].Number!.Value, setting[3].Number!.Value);
                var cost = ((cpu * cpuPrice) + (memory * memoryPrice)) * replicas;
                var needed = heap * (1 + (0.02 * pool));
                if (needed > memory)
                {
                    return new TaskRow(setting, cost, [30_000, 1]);
                }

                var effective = work * (1 + (collect * needed / (memory - needed + 0.05)));
                var capacity = Math.Min(cpu / effective, pool / (effective + waiting));
                var serving = (effective / Math.Min(1, cpu)) + waiting;
                var (p99, errors) = Queueing.Station(arrivals / replicas, Math.Max(1, capacity * serving), serving, 2, 30);
                return new TaskRow(setting, cost, [1000 * p99, errors]);
            });
    }
}
