using System.Collections.Immutable;
using Tuner.Core.Definitions;
using Tuner.Core.Loads;
using Tuner.Core.Slos;

namespace Tuner.Cli.Loading;

/// <summary>What is sent when, and what is asked of the answers: the phases and the SLOs on them.</summary>
internal sealed class TrafficReading(LoadWords words, GivenValues given)
{
    public ImmutableArray<Phase> Phases(out Arrival arrival)
    {
        var phases = Given();
        arrival = phases.Any(phase => phase is UsersPhase) ? Arrival.Closed : given.OneOf(words.Arrival, "poisson", "constant") == "constant" ? Arrival.Constant : Arrival.Poisson;
        if (arrival is Arrival.Closed && phases.Any(phase => phase is not UsersPhase))
        {
            given.Add("--phase: rates and users do not mix. Give every phase a rate, or every phase users.");
        }

        return phases;
    }

    private ImmutableArray<Phase> Given()
    {
        var (rate, users, arrivals) = (given.Of(words.Rate), given.Of(words.Users), given.Of(words.Arrivals));
        var texts = given.Of(words.Phases) ?? [];
        var ways = (rate is null ? 0 : 1) + (users is null ? 0 : 1) + (arrivals is null ? 0 : 1) + (texts.Length > 0 ? 1 : 0);
        if (ways != 1)
        {
            given.Add($"{(ways == 0 ? "No load is given" : "The load is given in more than one way")}. Use one of --rate 200/s, --users 64, --phase peak:250/s:20s, --arrivals FILE.");
            return [];
        }

        var duration = given.Duration(words.Duration);
        if (texts.Length > 0)
        {
            return [.. texts.Select(Phase).OfType<Phase>()];
        }

        if (users is { } count)
        {
            return count > 0 ? [new UsersPhase("load", duration, count)] : Problem($"--users: {count} users send nothing. Give at least 1.");
        }

        if (arrivals is not null)
        {
            return Recorded(arrivals);
        }

        return Quantities.TryRate(rate!, out var perSecond, out var problem) ? [new RatePhase("load", duration, perSecond)] : Problem($"--rate: {problem}");
    }

    private Phase? Phase(string text)
    {
        if (PhaseText.TryRead(text, out var phase, out var problem))
        {
            return phase;
        }

        given.Add(problem);
        return null;
    }

    private ImmutableArray<Phase> Recorded(string file)
    {
        if (given.ReadFile("--arrivals", file) is not { } bytes)
        {
            return [];
        }

        return RecordedArrivals.TryRead(bytes, out var times, out var problem)
            ? [new RecordedPhase("recorded", RecordedArrivals.DurationOf(times), times)]
            : Problem($"--arrivals: {file}, {problem}");
    }

    private ImmutableArray<Phase> Problem(string text)
    {
        given.Add(text);
        return [];
    }

    public ImmutableArray<Slo> Slos(ImmutableArray<Phase> phases)
    {
        var slos = ImmutableArray.CreateBuilder<Slo>();
        foreach (var text in given.Of(words.Slos) ?? [])
        {
            if (!SloSentence.TryRead(text, out var slo, out var problem))
            {
                given.Add($"--slo: {problem}");
            }
            else if (slo.Phase is { } name && phases.All(phase => phase.Name != name))
            {
                given.Add($"--slo: '{text}' names phase '{name}', which does not exist. There is {string.Join(", ", phases.Select(phase => phase.Name))}.");
            }
            else if (slo.Metric is RelativeMetric)
            {
                given.Add($"--slo: '{text}' is held against a baseline, which a single load does not have. Write a limit of its own, or use a sweep.");
            }
            else if (slo.Metric is TotalTimeMetric)
            {
                slos.AddRange(TotalTime(slo, phases));
            }
            else
            {
                slos.Add(slo);
            }
        }

        return slos.ToImmutable();
    }

    private ImmutableArray<Slo> TotalTime(Slo slo, ImmutableArray<Phase> phases)
    {
        if (given.Of(words.Requests) is { } batch && phases is [UsersPhase])
        {
            return [slo with { Metric = new TotalTimeMetric(batch) }];
        }

        given.Add($"--slo: '{slo.Text}' needs a batch. Give --users and --requests.");
        return [];
    }
}
