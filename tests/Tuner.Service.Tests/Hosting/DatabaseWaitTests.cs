using System.Net;
using Tuner.Service.Hosting;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Storage;
using Tuner.Testing.Databases;

namespace Tuner.Service.Tests.Hosting;

/// <summary>A service that is started before its database.</summary>
public sealed class DatabaseWaitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ListenAddress listen = FreeAddress();

    [PostgresFact]
    public async Task Waits_alive_and_not_ready_until_the_database_answers()
    {
        var there = new Npgsql.NpgsqlConnectionStringBuilder(await PostgresServer.NewDatabaseAsync());
        using var cable = new Cable(there.Port);
        there.Port = cable.Port;
        cable.Cut();
        using var http = new HttpClient { BaseAddress = new Uri(listen.ToString()) };
        using var patience = new CancellationTokenSource(Patience);

        var opening = Wait().OpenAsync(async token => await PostgresDatabase.OpenAsync(there.ConnectionString, token), patience.Token);

        Assert.Equal((HttpStatusCode.OK, "alive"), await AskAsync(http, "/health/live", patience.Token));
        var (status, body) = await AskAsync(http, "/health/ready", patience.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("urn:tuner:problem:not-ready", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(http, "/api/v1/sweeps", patience.Token)).Status);
        Assert.False(opening.IsCompleted);

        cable.Join();
        await using var database = (PostgresDatabase)await opening;
        Assert.Null(listen.WhyTaken());
    }

    [Fact]
    public async Task Does_not_wait_for_what_does_not_pass_by_itself()
    {
        var trouble = new DatabaseException(DatabaseTrouble.Lasting, "wrong password", "wrong password");

        Assert.Same(trouble, await Assert.ThrowsAsync<DatabaseException>(() => Wait().OpenAsync(_ => throw trouble, default)));
    }

    [Theory]
    [InlineData("postgres://me:planted-password@db.invalid/tuner", "database tuner on db.invalid:5432")]
    [InlineData("Host=db.invalid;Database=tuner;Username=me;Password=planted-password", "database tuner on db.invalid:5432")]
    [InlineData("Host=db.invalid;Passwrod=planted-password", "TUNER_DATABASE names no database")]
    [InlineData("postgres://me:planted-password@db.invalid/tuner?ssl_mode=require", "TUNER_DATABASE names no database")]
    public async Task Says_what_it_cannot_open_without_the_password(string text, string said)
    {
        var trouble = await Assert.ThrowsAsync<DatabaseException>(() => DatabaseChoice.OpenAsync(text, new StateDirectory("unused"), default));

        Assert.Contains(said, trouble.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-password", trouble.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_url_keeps_what_it_says_of_encryption() =>
        Assert.Contains("SSL Mode=VerifyFull", DatabaseChoice.Postgres("postgres://me@db.example/tuner?sslmode=verify-full"), StringComparison.Ordinal);

    private DatabaseWait Wait() => new(listen, jsonLogs: false, TimeProvider.System);

    /// <summary>Asks until something listens.</summary>
    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpClient http, string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
                return (answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static ListenAddress FreeAddress()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new ListenAddress(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
