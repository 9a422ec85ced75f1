using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tuner.Core.Api;

namespace Tuner.Service.Access;

/// <summary>
/// A stored key. Its secret is 256 bits of chance, so one round of SHA-256 keeps it: there is nothing to guess that a slow
/// hash would protect.
/// </summary>
public sealed record ApiKey
{
    /// <summary>What every key begins with, so that scanners for leaked secrets find it.</summary>
    public const string Prefix = "tuner_";

    private const int IdBytes = 6;
    private const int SecretBytes = 32;

    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>SHA-256 of the whole key, hex.</summary>
    public required string Hash { get; init; }

    public required KeyRole Role { get; init; }

    /// <summary>Empty means all.</summary>
    public required ImmutableArray<string> Projects { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>A new key and its secret, which nobody can tell again.</summary>
    public static (ApiKey Key, string Secret) Create(NewKey wanted, DateTimeOffset now)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var secret = $"{Prefix}{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (new ApiKey { Id = id, Name = wanted.Name, Hash = HashOf(secret), Role = wanted.Role, Projects = wanted.Projects, CreatedAt = now }, secret);
    }

    /// <summary>The key of a secret that was made elsewhere; null where the text is none.</summary>
    public static ApiKey? Of(string secret, NewKey wanted, DateTimeOffset now) => IdOf(secret) is { } id && secret[Prefix.Length..].All(character => char.IsAsciiHexDigitLower(character) || character is '_')
        ? new ApiKey { Id = id, Name = wanted.Name, Hash = HashOf(secret), Role = wanted.Role, Projects = wanted.Projects, CreatedAt = now }
        : null;

    /// <summary>The id within a key's text; null where it is none.</summary>
    public static string? IdOf(string secret) =>
        secret.Length == Prefix.Length + (2 * IdBytes) + 1 + (2 * SecretBytes) && secret.StartsWith(Prefix, StringComparison.Ordinal) && secret[Prefix.Length + (2 * IdBytes)] == '_'
            ? secret.Substring(Prefix.Length, 2 * IdBytes)
            : null;

    /// <summary>Whether this is the key's secret and the key is good; takes the same time for any wrong one.</summary>
    public bool Opens(string secret) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(Hash)) && RevokedAt is null;

    public KeyView ToView() => new() { Id = Id, Name = Name, Role = Role, Projects = Projects, CreatedAt = CreatedAt, RevokedAt = RevokedAt };

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
