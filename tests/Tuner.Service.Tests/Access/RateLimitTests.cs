using System.Net;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Access;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Too_many_requests_of_one_caller_are_told_to_wait_and_others_are_not()
    {
        await using var tuner = await ServedTuner.StartAsync(
            new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))),
            options => options with { RequestsPerMinute = 5 });
        using var busy = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Admin));
        using var calm = tuner.Connect(await tuner.MakeKeyAsync(KeyRole.Reader, "default"));

        var refused = await Assert.ThrowsAsync<TunerApiException>(async () =>
        {
            for (var request = 0; request < 60; request++)
            {
                await busy.Api.WhoAmIAsync(CancellationToken.None);
            }
        });
        var served = await calm.Api.WhoAmIAsync(CancellationToken.None);

        Assert.Equal((HttpStatusCode.TooManyRequests, "urn:tuner:problem:too-many-requests"), (refused.Status, refused.Problem.Type));
        Assert.Equal(KeyRole.Reader, served.Role);
    }
}
