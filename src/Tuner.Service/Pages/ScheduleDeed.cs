using Tuner.Service.Reports;
using Tuner.Service.Schedules;

namespace Tuner.Service.Pages;

/// <summary>Something that a page can do to a schedule once it was confirmed.</summary>
/// <param name="Do">Does it; answers what was in the way, null where it is done.</param>
internal sealed record ScheduleDeed(string Word, string Verb, string Yes, Func<StoredSchedule, string> Consequence, Func<ScheduledSweeps, string, CancellationToken, Task<string?>> Do)
{
    private const string Gone = "The schedule was deleted meanwhile.";

    public static ScheduleDeed Pause { get; } = new(
        "pause", "Pause", "Pause it", _ => "No further run is started until it is resumed. A run that is going goes on.",
        async (scheduled, id, cancellationToken) => await scheduled.PauseAsync(id, paused: true, cancellationToken) ? null : Gone);

    public static ScheduleDeed Resume { get; } = new(
        "resume", "Resume", "Resume it", _ => "It goes on with the next time from now; what came due while it was paused is not made up for.",
        async (scheduled, id, cancellationToken) => await scheduled.PauseAsync(id, paused: false, cancellationToken) ? null : Gone);

    public static ScheduleDeed Run { get; } = new(
        "run", "Run", "Run it now",
        schedule => $"A sweep is started now, whatever is due or going{(schedule.NextAt is { } next ? $"; the next one is due at {Figures.Time(next)} as before" : "")}.",
        async (scheduled, id, cancellationToken) => await scheduled.RunNowAsync(id, cancellationToken) switch
        {
            null => Gone,
            { Sweep: null, Reason: var reason } => $"The sweep can no longer be made: {reason} Submit its definition again.",
            _ => null,
        });
}
