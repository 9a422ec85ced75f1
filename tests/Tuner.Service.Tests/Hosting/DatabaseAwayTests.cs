using System.Net;
using Npgsql;
using Tuner.Core.Trials;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Api;
using Tuner.Service.Tests.Engine;
using Tuner.Service.Tests.Storage;
using Tuner.Testing.Databases;
using Tuner.Testing.Sweeps;
using Tuner.Testing.Time;

namespace Tuner.Service.Tests.Hosting;

/// <summary>A service whose database goes away and comes back: a clear state, then it goes on.</summary>
public sealed class DatabaseAwayTests
{
    [PostgresFact]
    public async Task Lives_is_not_ready_and_says_so_until_the_database_is_back()
    {
        var place = new NpgsqlConnectionStringBuilder(await PostgresServer.NewDatabaseAsync());
        using var cable = new Cable(place.Port);
        place.Port = cable.Port;
        await using var database = await PostgresDatabase.OpenAsync(place.ConnectionString, default);
        await using var tuner = await ServedTuner.StartAsync(new ScriptedRunner(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))), options => options with { Database = database }, targets: false);
        using var http = new HttpClient { BaseAddress = tuner.Url };
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "health/ready")).Status);

        cable.Cut();
        Assert.Equal((HttpStatusCode.OK, "alive"), await AskAsync(http, "health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(http, "health/ready")).Status);
        var (status, body) = await AskAsync(http, "api/v1/sweeps");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("Nothing is lost: send the request again", body, StringComparison.Ordinal);
        await Until.TrueAsync(() => tuner.Log.Text.Contains("Cannot look for sweeps to work on, and tries again", StringComparison.Ordinal));

        cable.Join();
        await Until.TrueAsync(() => tuner.Log.Text.Contains("Looks for sweeps to work on again", StringComparison.Ordinal));

        // Connections of before may still lie in the pool.
        await Until.TrueAsync(async () => (await AskAsync(http, "health/ready")).Status is HttpStatusCode.OK);
        await Until.TrueAsync(async () => (await AskAsync(http, "api/v1/sweeps")).Status is HttpStatusCode.OK);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
