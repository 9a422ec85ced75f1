namespace Tuner.Service.Access;

/// <summary>Who is let in.</summary>
public sealed record AccessOptions
{
    /// <summary>Nobody without a key, this machine's user neither: so where others can reach the service.</summary>
    public required bool KeysOnly { get; init; }
}
