using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Cli.Serving;

/// <summary>
/// The admin's key that a service is given with its environment, so that nobody has to run a command beside it first:
/// made by <c>tuner key generate</c>, kept as a hash like any other, and never again once it was revoked.
/// </summary>
internal static class FirstKey
{
    public const string Variable = "TUNER_FIRST_KEY";

    /// <summary>What is wrong with the variable; null where it is not set, or its key is known now.</summary>
    public static async Task<string?> TakeAsync(string? secret, KeyStore keys, TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(secret))
        {
            return null;
        }

        if (ApiKey.Of(secret.Trim(), new NewKey("first key", KeyRole.Admin, []), time.GetUtcNow()) is not { } key)
        {
            return $"{Variable} holds no key. Make one with: tuner key generate";
        }

        await keys.AddOnceAsync(key, cancellationToken);
        return null;
    }
}
