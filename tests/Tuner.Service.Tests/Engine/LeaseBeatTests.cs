using System.Collections.Concurrent;
using System.Collections.Immutable;
using Tuner.Core.Planning;
using Tuner.Core.Sweeps;
using Tuner.Local;
using Tuner.Service.Engine;
using Tuner.Service.Storage;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Engine;

public sealed class LeaseBeatTests
{
    private static readonly LeaseAnswer Goes = new(null, null);
    private static readonly SweepEngineOptions Options = new() { Beat = TimeSpan.FromMilliseconds(5), Local = new LocalOptions { StateDirectory = "" } };

    [Fact]
    public async Task Renews_all_claims_together_and_on_no_thread_of_the_pool()
    {
        var claims = new Answering(_ => Goes);
        using var beat = new LeaseBeat(claims, Options, TimeProvider.System);
        using var one = new Kept("one");
        using var two = new Kept("two");
        beat.Keep(one.Keeper);
        beat.Keep(two.Keeper);

        await claims.UntilAsync(asked => asked.Renewed is "one, two");

        Assert.All(claims.Asked, asked => Assert.False(asked.OnThePool));
        Assert.False(one.Keeper.Lost.IsCancellationRequested);
        await beat.ForgetAsync(one.Keeper);
        var before = claims.Asked.Count;
        await claims.UntilAsync(_ => claims.Asked.Count > before + 3);
        Assert.All(claims.Asked.Skip(before), asked => Assert.Equal("two", asked.Renewed));
    }

    [Fact]
    public async Task One_lost_claim_ends_its_own_work_and_no_other()
    {
        var claims = new Answering(sweep => sweep.Value == "lost" ? null : new LeaseAnswer(SweepRequest.Pause, "hold it"));
        using var beat = new LeaseBeat(claims, Options, TimeProvider.System);
        using var lost = new Kept("lost");
        using var held = new Kept("held");
        beat.Keep(lost.Keeper);
        beat.Keep(held.Keeper);

        await claims.UntilAsync(asked => asked.Renewed is "held");

        Assert.True(lost.Keeper.Lost.IsCancellationRequested);
        Assert.False(held.Keeper.Lost.IsCancellationRequested);
        Assert.Equal("hold it", held.Orders.PauseReason);
    }

    [Fact]
    public async Task A_store_that_fails_is_asked_again()
    {
        var failures = 3;
        var claims = new Answering(_ => failures-- > 0 ? throw new IOException("the disk is full") : Goes);
        using var beat = new LeaseBeat(claims, Options, TimeProvider.System);
        using var kept = new Kept("one");
        beat.Keep(kept.Keeper);

        await claims.UntilAsync(_ => failures < -1);

        Assert.False(kept.Keeper.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Plans_on_no_thread_of_the_pool_and_no_more_at_once_than_there_are_cores()
    {
        var (planning, most, onThePool) = (0, 0, 0);
        var together = new Lock();
        var plans = Enumerable.Range(0, 8 * Environment.ProcessorCount).Select(_ => Planners.PlanAsync(
            () =>
            {
                lock (together)
                {
                    most = Math.Max(most, ++planning);
                    onThePool += Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;
                }

                Thread.Yield();
                lock (together)
                {
                    planning--;
                }

                return new SweepStep.Wait();
            },
            default));

        Assert.All(await Task.WhenAll(plans), step => Assert.IsType<SweepStep.Wait>(step));
        Assert.Equal(0, onThePool);
        Assert.InRange(most, 1, Environment.ProcessorCount);
    }

    private sealed class Kept : IDisposable
    {
        public Kept(string sweep) =>
            Keeper = new LeaseKeeper(Options, new SweepClaim(new SweepId(sweep), "node", 1), new RunningClock(TimeSpan.Zero, TimeProvider.System), Orders, TimeProvider.System, TimeProvider.System.GetTimestamp());

        public SweepOrders Orders { get; } = new();

        public LeaseKeeper Keeper { get; }

        public void Dispose()
        {
            Keeper.Dispose();
            Orders.Dispose();
        }
    }

    private sealed record Renewal(string Renewed, bool OnThePool);

    /// <summary>Answers as the test says, and notes who asked for what.</summary>
    private sealed class Answering(Func<SweepId, LeaseAnswer?> answer) : IClaimStore
    {
        public ConcurrentQueue<Renewal> Asked { get; } = [];

        public Task UntilAsync(Func<Renewal, bool> seen) => Until.TrueAsync(() => Asked.Any(seen));

        public Task<ImmutableArray<LeaseAnswer?>> RenewAsync(IReadOnlyList<LeaseRenewal> renewals, TimeSpan lease, CancellationToken cancellationToken)
        {
            Asked.Enqueue(new Renewal(string.Join(", ", renewals.Select(renewal => renewal.Claim.Id)), Thread.CurrentThread.IsThreadPoolThread));
            return Task.FromResult(renewals.Select(renewal => answer(renewal.Claim.Id)).ToImmutableArray());
        }

        public Task<SweepClaim?> ClaimNextAsync(string node, TimeSpan lease, IReadOnlyCollection<SweepId> except, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SweepClaim?> ClaimAsync(SweepId id, string node, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ImmutableArray<string>> HoldersAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> EndLeasesAsync(string node, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
