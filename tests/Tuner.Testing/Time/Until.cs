using System.Runtime.CompilerServices;

namespace Tuner.Testing.Time;

/// <summary>Looks again and again until something is so: what other threads and processes come to has no event to wait for.</summary>
public static class Until
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>What takes longer is looked for less often: a service answers one caller 20 times a second for as long as it asks, no more.</summary>
    private static readonly TimeSpan SeldomLook = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    /// <summary>Longer than anything takes on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string text = "") => TrueAsync(() => Task.FromResult(condition()), text);

    /// <exception cref="TimeoutException">It did not come to that; the message names the condition.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            var waited = TimeProvider.System.GetElapsedTime(start);
            if (waited > Patience)
            {
                throw new TimeoutException($"Within {Patience.TotalMinutes:F0} minutes it did not come to this: {text}");
            }

            await Task.Delay(waited > Long ? SeldomLook : Look, TimeProvider.System);
        }
    }
}
