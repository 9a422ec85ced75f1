using Tuner.EngineNode;

namespace Tuner.Service.Tests.Nodes;

public sealed class KillTests
{
    /// <summary><c>dotnet run -c Release --project tests/Tuner.EngineNode -- kill 200</c> is the long form.</summary>
    [Fact]
    public async Task A_service_that_is_killed_at_random_moments_comes_to_the_same_answer()
    {
        var output = new StringWriter();

        Assert.True(await KillRun.RunAsync(times: 4, seed: 7, output) == 0, output.ToString());
    }
}
