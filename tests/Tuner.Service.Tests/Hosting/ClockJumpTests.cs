using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Local;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;
using Tuner.Service.Tests.Api;
using Tuner.Testing.Serving;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Hosting;

/// <summary>A service whose machine's clock is put forward and back while a sweep runs and a schedule is due: a clear state, then it goes on.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 1, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task No_lease_is_lost_no_schedule_runs_twice_or_is_left_out_and_budgets_count_the_time_that_passes()
    {
        var (time, log, gate) = (new JumpingTime(Start), new KeptLog(), new GatedRunner());
        await using var tuner = await LoopbackService.StartAsync(
            gate, new SubmittedSweep("small.yaml", SmallTexts.Sweep, SmallTexts.Files), more: services => services.AddSingleton<ILoggerProvider>(log), time: time);
        using var client = new TunerClient(tuner.Url, null);
        var stores = new SweepStores(tuner.Database);
        using var second = await StartNodeAsync(tuner.Database, gate, time);
        var sweep = (await client.Api.SubmitAsync(Limited(), null, null, CancellationToken.None)).Id;
        var schedule = (await client.Api.CreateScheduleAsync(Limited("nightly", "0 2 * * *"), null, CancellationToken.None)).Id;
        await gate.Started;

        // Over the time at which the schedule is due, beyond the budget and every lease.
        time.Jump(Hour);
        await Until.TrueAsync(() => log.Text.Contains("clock was put forward by ", StringComparison.Ordinal));
        await Until.TrueAsync(async () => (await client.Api.ScheduleHistoryAsync(schedule, 10, CancellationToken.None)).Length == 1);

        // Back, and over that time again; a night of another schedule shows that it is looked for what is due.
        time.Jump(-Hour);
        await Until.TrueAsync(() => log.Text.Contains("clock was put back by ", StringComparison.Ordinal));
        var other = (await client.Api.CreateScheduleAsync(Limited("other", "45 1 * * *"), null, CancellationToken.None)).Id;
        time.Jump(Hour / 2);
        await Until.TrueAsync(async () => (await client.Api.ScheduleHistoryAsync(other, 10, CancellationToken.None)).Length == 1);

        var run = Assert.Single(await client.Api.ScheduleHistoryAsync(schedule, 10, CancellationToken.None));
        Assert.Equal(("started", new DateTimeOffset(2026, 1, 1, 2, 0, 0, TimeSpan.Zero)), (run.Outcome, run.DueAt));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 2, 0, 0, TimeSpan.Zero), (await client.Api.ScheduleAsync(schedule, CancellationToken.None)).NextAt);
        gate.Open();
        foreach (var id in new[] { sweep, run.Sweep! })
        {
            var ended = await client.EndOfAsync(id);
            Assert.Equal("finished", ended.State);
            Assert.DoesNotContain("time", ended.Reason, StringComparison.OrdinalIgnoreCase);
            Assert.Single(await stores.Sweeps.SweepHistoryAsync(new SweepId(id), CancellationToken.None), change => change.To is nameof(SweepState.Running));
        }

        await second.StopAsync();
    }

    /// <summary>Another node that looks for work all the while.</summary>
    private static async Task<IHost> StartNodeAsync(Database database, ITrialRunner runner, TimeProvider time)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<ITrialRunners>(new OneRunner(runner));
        builder.Services.AddSweepEngine(database, new SweepEngineOptions { Local = new LocalOptions { StateDirectory = Path.GetTempPath() }, Node = "elsewhere/boot-1/1-1", Beat = Beat, Poll = Beat });
        builder.Services.AddSweepWorker();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>The small sweep with a budget of wall time, and a schedule of its own.</summary>
    private static SweepSubmissionBody Limited(string name = "small", string? cron = null)
    {
        var body = SmallTexts.Body("name: small", $"name: {name}");
        return body with { Definition = $"{body.Definition}\nbudget: {{ wallTime: 30m }}\n{(cron is null ? "" : $"schedule: {{ cron: \"{cron}\" }}")}" };
    }
}
