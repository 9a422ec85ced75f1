using System.Security.Cryptography;
using System.Text;
using Tuner.Service.Storage;

namespace Tuner.Service.Access;

/// <summary>
/// Seals what must be stored and read again (AES-256-GCM), with a key that is not in the database: of
/// <c>TUNER_SECRET_KEY</c>, else of a file beside SQLite's. Whoever has the database alone has no secret.
/// </summary>
public sealed class SecretSeal
{
    /// <summary>32 bytes in base64; the same for all services on one database.</summary>
    public const string Variable = "TUNER_SECRET_KEY";

    private const string FileName = "secret.key";
    private const string Version = "v1";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int NameCharacters = 8;

    private readonly Lazy<byte[]> key;

    private SecretSeal(Func<byte[]> key) => this.key = new Lazy<byte[]>(key);

    /// <summary>The seal of a service; a missing or bad key shows when the first secret is sealed or opened.</summary>
    public static SecretSeal Of(Database database, StateDirectory state, string? variable) => new(() =>
        variable is { Length: > 0 } ? Read(variable, Variable)
        : database is SqliteDatabase ? OfFile(Path.Combine(state.Path, FileName))
        : throw new SealException($"{Variable} is not set, and services that share a PostgreSQL need the same key. Set it to the output of: openssl rand -base64 32"));

    /// <param name="about">What the secret belongs to; it opens for nothing else.</param>
    /// <exception cref="SealException">There is no good key.</exception>
    public string Seal(string secret, string about)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var sealedBytes = new byte[NonceBytes + TagBytes + text.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(key.Value, TagBytes);
        cipher.Encrypt(sealedBytes.AsSpan(0, NonceBytes), text, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(about));
        return $"{Version}:{NameOf(key.Value)}:{Convert.ToBase64String(sealedBytes)}";
    }

    /// <exception cref="SealException">It was sealed with another key, or changed.</exception>
    public string Open(string text, string about)
    {
        if (text.Split(':') is not [Version, var name, var encoded])
        {
            throw new SealException("A stored secret is not sealed as this Tuner seals. Remove what it belongs to, and make it again.");
        }

        if (!string.Equals(name, NameOf(key.Value), StringComparison.Ordinal))
        {
            throw new SealException($"A stored secret was sealed with key {name}, and {Variable} or {FileName} is key {NameOf(key.Value)}. Bring the first one back, or make anew what the secret belongs to.");
        }

        try
        {
            var sealedBytes = Convert.FromBase64String(encoded);
            var opened = new byte[sealedBytes.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(key.Value, TagBytes);
            cipher.Decrypt(sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), opened, Encoding.UTF8.GetBytes(about));
            return Encoding.UTF8.GetString(opened);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or OverflowException)
        {
            throw new SealException("A stored secret was changed since it was sealed. Make anew what it belongs to.");
        }
    }

    // Of a key, so that the wrong one is told from a damaged secret; a hash of 256 bits of chance tells nothing about them.
    private static string NameOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData(key))[..NameCharacters];

    private static byte[] OfFile(string path)
    {
        if (!File.Exists(path))
        {
            var ours = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                ours.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            try
            {
                using var file = new FileStream(path, ours);
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes))));
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process of this folder was first.
            }
        }

        return Read(File.ReadAllText(path), path);
    }

    private static byte[] Read(string text, string where)
    {
        var bytes = new byte[KeyBytes + 1];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == KeyBytes
            ? bytes[..KeyBytes]
            : throw new SealException($"{where} holds no key: it must be {KeyBytes} bytes in base64, as written by: openssl rand -base64 {KeyBytes}");
    }
}
