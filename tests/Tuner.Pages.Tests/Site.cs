using Microsoft.Extensions.DependencyInjection;
using Tuner.Core.Api;
using Tuner.Core.Gate;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;
using Tuner.Testing.Serving;

namespace Tuner.Pages.Tests;

/// <summary>The service whose pages are looked at; its trials last as long as they are told to.</summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly SubmittedSweep Small = new("small.yaml", Texts.Sweep, Texts.Files);

    private readonly LoopbackService service;

    private Site(LoopbackService started, PacedRunner runner) => (service, Runner) = (started, runner);

    public PacedRunner Runner { get; }

    public Uri Url => new(service.Url, "/");

    public T Part<T>()
        where T : notnull => service.Services.GetRequiredService<T>();

    /// <param name="prepare">Fills the database before the service looks at it.</param>
    public static async Task<Site> StartAsync(TimeSpan pace, Func<Database, Task>? prepare = null)
    {
        var runner = new PacedRunner(pace);
        var gate = new GatePlan { Pairs = 4 };
        return new Site(await LoopbackService.StartAsync(runner, Small, prepare: prepare, more: services => services.AddSingleton(gate)), runner);
    }

    /// <summary>Another node on the database of this one.</summary>
    public async Task<LoopbackService> JoinedAsync() => await LoopbackService.StartAsync(Runner, change: options => options with { Database = service.Database });

    /// <summary>A sweep that was submitted without a page.</summary>
    public async Task<string> SubmitAsync()
    {
        var outcome = await Part<SweepReception>().SubmitAsync(Small, StoredSweep.DefaultProject, null, CancellationToken.None);
        return ((SubmissionOutcome.Accepted)outcome).Sweep.Id.Value;
    }

    /// <summary>A key of the service, made as its operator would.</summary>
    public Task<string> MakeKeyAsync(KeyRole role, params string[] projects) => service.MakeKeyAsync(role, projects);

    public ValueTask DisposeAsync() => service.DisposeAsync();
}
