using System.Collections.Immutable;
using System.Net;
using System.Runtime.InteropServices;
using Tuner.Core.Expressions;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Pricing;
using Tuner.Core.Reported;
using Tuner.Core.Slos;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local.Measuring;
using Tuner.Local.Processes;

namespace Tuner.Local.Tests;

/// <summary>A runner in a folder of its own, the server with bad manners as its target, and a load that the test writes.</summary>
internal sealed class Bench : IDisposable
{
    public static readonly Machine Machine = Machine.Probe();
    private static int trials;

    public Bench(Machine? machine = null, string? directory = null)
    {
        Directory = directory ?? System.IO.Directory.CreateTempSubdirectory("tuner-local-").FullName;
        Options = new LocalOptions
        {
            StateDirectory = Directory,
            Machine = machine ?? Machine,

            // Not the machine's own slot: a sweep that runs beside the tests is none of their business.
            SlotFile = Path.Combine(Path.GetTempPath(), "tuner-local-tests.lock"),
        };
    }

    public string Directory { get; }

    public LocalOptions Options { get; init; }

    public Observer Observed { get; } = new();

    /// <summary>What the load does with the endpoints; one request to each unless said otherwise.</summary>
    public Func<LoadOrder, CancellationToken, Task> Load { get; set; } = async (order, cancellationToken) =>
    {
        foreach (var endpoint in order.Endpoints)
        {
            await GetAsync(endpoint, "/work", cancellationToken);
        }
    };

    public ImmutableArray<string> InvalidReasons { get; set; } = [];

    public Func<int, IReadOnlyList<int>>? AllocatePorts { get; set; }

    public IReadOnlyList<string> Records => System.IO.Directory.Exists(Options.RecordDirectory) ? System.IO.Directory.GetFiles(Options.RecordDirectory) : [];

    public static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    public static string Server { get; } = Path.Combine(AppContext.BaseDirectory, "Tuner.Local.TestServer.dll");

    /// <summary>With the scripted load.</summary>
    public LocalTrialRunner Runner => new(Options, new ScriptedLoad(this), AllocatePorts);

    public ImmutableArray<ReportedNumber> Reported { get; set; } = [];

    public Task<TrialOutcome> RunAsync(Target.Process target, CancellationToken cancellationToken = default, InstanceType? instance = null, Trial? trial = null) =>
        Runner.RunAsync(SweepOf(target, instance) with { Reported = Reported }, trial ?? NewTrial(instance), Observed, cancellationToken);

    public static Trial NewTrial(InstanceType? instance = null)
    {
        var number = Interlocked.Increment(ref trials);
        return new Trial
        {
            Id = new TrialId($"bench-{Owner.Current}-{number}"),
            Number = number,
            Candidate = new Candidate([
                KeyValuePair.Create("greeting", ParameterValue.Of("hello; rm -rf \"$HOME\" {{port}}")),
                .. instance is null ? Array.Empty<KeyValuePair<string, ParameterValue>>() : [KeyValuePair.Create("instanceType", ParameterValue.Of(instance.Name))],
            ]),
            Purpose = TrialPurpose.Search,
            State = new TrialState.Deploying(),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            ChangedAt = TimeProvider.System.GetUtcNow(),
        };
    }

    /// <summary>The test server in these modes.</summary>
    public Target.Process Target(params string[] modes) => new()
    {
        Command = [.. new[] { Dotnet, Server, "{{port}}" }.Concat(modes).Select(Template.Parse)],
        WorkingDirectory = Directory,
        Replicas = Template.Parse("1"),
        Readiness = new Readiness("/ready", TimeSpan.FromSeconds(20)),
        StopTimeout = TimeSpan.FromSeconds(5),
    };

    public static InstanceType Instance(double vcpus, double memoryGib) =>
        new() { Name = $"sample-{vcpus}", Vcpus = vcpus, MemoryGib = memoryGib, PricePerHour = 0.1m, Sample = true };

    public static Sweep SweepOf(Target target, InstanceType? instance = null) => new()
    {
        Name = "bench",
        Target = target,
        Space = new SearchSpace
        {
            Parameters = [new CategoricalParameter("greeting", [ParameterValue.Of("hello")])],
            Instances = instance is null ? ImmutableDictionary<string, InstanceType>.Empty : ImmutableDictionary<string, InstanceType>.Empty.Add(instance.Name, instance),
        },
        Load = new LoadProfile { Request = new RequestTemplate(), Arrival = Arrival.Constant, Phases = [new RatePhase("steady", TimeSpan.FromSeconds(1), 10)] },
        Slos = [new Slo { Text = "error rate <= 1%", Metric = new ErrorRateMetric(), Bound = Bound.AtMost, Limit = 0.01 }],
        Objective = Objective.CostPerHour,
        Cost = new CostModel.ByInstance("USD", Expression.TryParse("1", out var one, out _) ? one : throw new InvalidOperationException()),
        Search = new SearchSettings(),
        Measurement = new MeasurementSettings(),
        Budget = new SweepBudget(),
        Verification = new VerificationSettings(),
        Fingerprint = "bench",
    };

    public static async Task<string> GetAsync(Uri endpoint, string path, CancellationToken cancellationToken = default)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        return await client.GetStringAsync(new Uri(endpoint, path), cancellationToken);
    }

    /// <summary>Everything that still runs and belongs to a trial of this test process, found without the runner's help.</summary>
    public static IReadOnlyList<string> Survivors() =>
    [
        .. ProcessEntry.All()
            .Where(entry => entry.IsAlive && entry.Id != Environment.ProcessId)
            .Where(entry => CommandLine(entry.Id).Contains(Server, StringComparison.Ordinal)
                || string.Equals(entry.Variable(ProcessTree.OwnerVariable), Owner.Current.ToString(), StringComparison.Ordinal))
            .Select(entry => $"{entry.Id} {CommandLine(entry.Id)}"),
    ];

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private sealed class ScriptedLoad(Bench bench) : ILoadRunner
    {
        public async Task<Measurement> RunAsync(LoadOrder order, CancellationToken cancellationToken)
        {
            await bench.Load(order, cancellationToken);
            return new Measurement
            {
                StartedAt = TimeProvider.System.GetUtcNow(),
                Engine = "scripted",
                OpenModel = true,
                Warmup = TimeSpan.Zero,
                Phases = [],
                Generator = new GeneratorHealth { ScheduleLag = new LatencyHistogram(), CpuCores = 0, PeakConnections = 1, InFlightAtEnd = 0, Protection = order.Protection },
                InvalidReasons = bench.InvalidReasons,
            };
        }
    }
}

/// <summary>Remembers what it heard.</summary>
internal sealed class Observer : ITrialObserver
{
    private readonly Lock gate = new();
    private readonly List<string> steps = [];

    public int Measuring { get; private set; }

    public Action<TrialProgress> OnProgress { get; set; } = _ => { };

    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (gate)
            {
                return [.. steps];
            }
        }
    }

    public Task MeasuringAsync(CancellationToken cancellationToken)
    {
        Measuring++;
        return Task.CompletedTask;
    }

    public void Progress(TrialProgress progress)
    {
        lock (gate)
        {
            steps.Add(progress.Step);
        }

        OnProgress(progress);
    }
}
