using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Tuner.Core.Loads;

namespace Tuner.Core.Definitions;

/// <summary>Reads the stretches of the load: levels, ramps, days, curves, recorded arrivals, users.</summary>
internal static partial class PhaseBinding
{
    private static readonly string[] Ways = ["rate", "points", "arrivals", "users"];

    /// <param name="arrival">Null where it was reported as malformed.</param>
    public static ImmutableArray<Phase> Read(Section load, Arrival? arrival, ISweepFiles files)
    {
        var phases = ImmutableArray.CreateBuilder<Phase>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, section) in load.Sections("phases"))
        {
            var name = section.Text("name") ?? $"phase-{phases.Count + 1}";
            if (!PhaseName().IsMatch(name))
            {
                section.Error("name", $"'{name}' cannot be named in an SLO. Write letters, digits, dashes and underscores.");
            }

            if (!names.Add(name))
            {
                section.Error("name", $"'{name}' names two phases. Rename one of them.");
            }

            if (arrival is { } known && Fits(section, known) && Phase(section, name, files) is { } phase)
            {
                phases.Add(phase);
            }
        }

        foreach (var (_, section) in load.Sections("phases").Where(pair => pair.Section.Has("requests") && load.Sections("phases").Count > 1))
        {
            section.Error("requests", "is a batch, which is over when it is answered; it must be the only phase. Remove the others, or the number of requests.");
        }

        return phases.ToImmutable();
    }

    private static bool Fits(Section section, Arrival arrival)
    {
        var closed = arrival is Arrival.Closed;
        var given = Ways.Where(section.Has).ToArray();
        var wrong = given.Where(way => way is "users" != closed).ToArray();
        foreach (var way in wrong)
        {
            section.Error(way, closed
                ? "does not go with arrival: closed, where each user waits for its answer. Write users: 10, or arrival: poisson."
                : "goes with arrival: closed only. Write rate: 80/s, or arrival: closed.");
        }

        if (given.Length == 0)
        {
            section.Error(closed ? "users" : "rate", $"is missing. Write {(closed ? "users: 10" : "rate: 80/s")}.");
        }
        else if (wrong.Length == 0 && given.Length > 1)
        {
            section.Error(given[1], $"does not go with {given[0]}. Keep one of them.");
        }

        foreach (var word in new[] { "to", "day" }.Where(word => section.Has(word) && !section.Has("rate")))
        {
            section.Error(word, $"needs rate, {(word is "to" ? "the rate that the ramp begins with" : "the rate of the day's busiest hour")}.");
        }

        if (section.Has("requests") && !section.Has("users"))
        {
            section.Error("requests", "goes with users: a batch is answered as fast as the target can. Write users: 8, or remove it.");
        }

        if (section.Has("to") && section.Has("day"))
        {
            section.Error("day", "does not go with to. Keep one of them.");
        }

        return wrong.Length == 0 && given.Length == 1;
    }

    private static Phase? Phase(Section section, string name, ISweepFiles files)
    {
        if (section.Has("arrivals"))
        {
            return Recorded(section, name, files);
        }

        if (!section.Has("duration"))
        {
            section.Error("duration", "is missing. Write for example 20s.");
        }

        if (section.Duration("duration") is not { } duration || IsTooShort(section, duration))
        {
            return null;
        }

        if (section.Has("points"))
        {
            return Curve(section, name, duration);
        }

        return (section.Rate("rate"), section.Rate("to"), section.Text("day"), section.Integer("users")) switch
        {
            ({ } from, { } to, _, _) => new RampPhase(name, duration, from, to),
            ({ } peak, _, { } day, _) => DayCurve.Of(day, name, duration, peak),
            ({ } rate, _, _, _) when !section.Has("to") && !section.Has("day") => new RatePhase(name, duration, rate),
            (_, _, _, { } users) => new UsersPhase(name, duration, (int)users, section.Integer("requests")),
            _ => null,
        };
    }

    private static CurvePhase? Curve(Section section, string name, TimeSpan duration)
    {
        var points = ImmutableArray.CreateBuilder<RatePoint>();
        foreach (var (_, item) in section.Sections("points"))
        {
            if (item.Duration("at") is not { } at || item.Rate("rate") is not { } rate)
            {
                continue;
            }

            if (at > duration)
            {
                item.Error("at", $"{Quantities.Show(at)} is after the end of the phase ({Quantities.Show(duration)}). Lower it, or raise duration.");
            }
            else if (points.Count > 0 && at <= points[^1].At)
            {
                item.Error("at", $"{Quantities.Show(at)} is not after the point before it ({Quantities.Show(points[^1].At)}). Put the points in order.");
            }

            points.Add(new RatePoint(at, rate));
        }

        return points.Count > 0 ? new CurvePhase(name, duration, points.ToImmutable()) : null;
    }

    private static RecordedPhase? Recorded(Section section, string name, ISweepFiles files)
    {
        if (section.Text("arrivals") is not { } file)
        {
            return null;
        }

        var content = files.Read(file);
        if (content.Problem is { } problem)
        {
            section.Error("arrivals", problem);
            return null;
        }

        if (!RecordedArrivals.TryRead(content.Bytes.Span, out var times, out var wrong))
        {
            section.Error("arrivals", $"'{file}', {wrong}");
            return null;
        }

        var needed = RecordedArrivals.DurationOf(times);
        var duration = section.Has("duration") ? section.Duration("duration") : needed;
        if (duration < needed)
        {
            section.Error("duration", $"{Quantities.Show(duration.Value)} is over before the last arrival of '{file}' ({Quantities.Show(times[^1])}). Raise it, or leave it out.");
            return null;
        }

        return duration is { } length && !IsTooShort(section, length) ? new RecordedPhase(name, length, times) : null;
    }

    private static bool IsTooShort(Section section, TimeSpan duration)
    {
        if (duration >= TimeSpan.FromSeconds(1))
        {
            return false;
        }

        section.Error("duration", $"{Quantities.Show(duration)} is too short: seconds are counted. Write at least 1s.");
        return true;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}\z")]
    private static partial Regex PhaseName();
}
