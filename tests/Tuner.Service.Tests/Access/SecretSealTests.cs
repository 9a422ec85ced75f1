using Tuner.Service.Access;
using Tuner.Service.Storage;
using Tuner.Service.Tests.Storage;
using Tuner.Testing.Databases;

namespace Tuner.Service.Tests.Access;

public sealed class SecretSealTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-seal-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_was_sealed_opens_again_for_the_same_thing_only()
    {
        var (one, again) = (await OpenAsync(), await OpenAsync());

        var text = one.Seal("planted", "a");

        Assert.DoesNotContain("planted", text, StringComparison.Ordinal);
        Assert.NotEqual(text, one.Seal("planted", "a"));
        Assert.Equal("planted", again.Open(text, "a"));
        Assert.Throws<SealException>(() => again.Open(text, "b"));
        Assert.Throws<SealException>(() => again.Open(text[..^4] + "AAA=", "a"));
        Assert.Throws<SealException>(() => again.Open("planted", "a"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "secret.key")));
        }
    }

    [Fact]
    public async Task Another_key_is_told_from_a_damaged_secret()
    {
        var text = (await OpenAsync()).Seal("planted", "a");
        var other = await OpenAsync(Convert.ToBase64String(new byte[32]));

        var refused = Assert.Throws<SealException>(() => other.Open(text, "a"));

        Assert.Contains("Bring the first one back", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("bm90IDMyIGJ5dGVz")]
    public async Task A_key_that_is_none_is_refused_without_being_said(string variable)
    {
        var seal = await OpenAsync(variable);

        var refused = Assert.Throws<SealException>(() => seal.Seal("planted", "a"));

        Assert.Contains("TUNER_SECRET_KEY holds no key: it must be 32 bytes in base64", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(variable, refused.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Services_that_share_a_database_have_to_be_given_their_key()
    {
        await using var database = await PostgresDatabase.OpenAsync(await PostgresServer.NewDatabaseAsync(), default);

        var refused = Assert.Throws<SealException>(() => SecretSeal.Of(database, new StateDirectory(folder), variable: null).Seal("planted", "a"));

        Assert.Contains("openssl rand -base64 32", refused.Message, StringComparison.Ordinal);
    }

    private async Task<SecretSeal> OpenAsync(string? variable = null) =>
        SecretSeal.Of(await SqliteDatabase.OpenAsync(Path.Combine(folder, "tuner.db"), default), new StateDirectory(folder), variable);
}
