using System.Collections.Immutable;

namespace Tuner.Core.Api;

/// <summary>An API key as it may be shown: never its secret.</summary>
public sealed record KeyView
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required KeyRole Role { get; init; }

    /// <summary>The projects that it sees; empty means all.</summary>
    public required ImmutableArray<string> Projects { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it is good.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>A key to be made.</summary>
/// <param name="Name">Whom it is for.</param>
/// <param name="Projects">Empty for all of them; only an admin key may see all.</param>
public sealed record NewKey(string Name, KeyRole Role, ImmutableArray<string> Projects);

/// <summary>A key that was just made: the only time that its secret is told.</summary>
public sealed record CreatedKey(KeyView Key, string Secret);
