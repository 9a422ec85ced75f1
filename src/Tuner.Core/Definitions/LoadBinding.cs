using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Tuner.Core.Loads;

namespace Tuner.Core.Definitions;

/// <summary>Reads the traffic to send, with the bodies that it names.</summary>
internal static partial class LoadBinding
{
    public static LoadProfile? Read(Section root, ISweepFiles files)
    {
        var load = root.Sub("load");
        var request = Request(load.Sub("request"), files);
        var arrival = load.Text("arrival") switch
        {
            "poisson" => Arrival.Poisson,
            "constant" => Arrival.Constant,
            "closed" => Arrival.Closed,
            _ => (Arrival?)null,
        };
        var phases = Phases(load, arrival);
        var connections = load.Sub("connections");
        var timeout = load.Duration("timeout");
        if (timeout == TimeSpan.Zero)
        {
            load.Error("timeout", "is zero, so that every request would fail. Write for example 10s.");
        }

        return request is null || arrival is null || phases.IsEmpty || timeout is null || connections.Flag("reuse") is not { } reuse || connections.Integer("max") is not { } max ? null : new LoadProfile
        {
            Request = request,
            Arrival = arrival.Value,
            Phases = phases,
            Timeout = timeout.Value,
            Connections = new ConnectionPolicy { Reuse = reuse, Max = (int)max },
        };
    }

    private static ImmutableArray<Phase> Phases(Section load, Arrival? arrival)
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

            if (Phase(section, name, arrival) is { } phase)
            {
                phases.Add(phase);
            }
        }

        return phases.ToImmutable();
    }

    private static Phase? Phase(Section section, string name, Arrival? arrival)
    {
        var closed = arrival is Arrival.Closed;
        var (wanted, other) = closed ? ("users", "rate") : ("rate", "users");
        if (arrival is not null && section.Has(other))
        {
            section.Error(other, closed
                ? "does not go with arrival: closed, where each user waits for its answer. Write users: 10, or arrival: poisson."
                : "goes with arrival: closed only. Write rate: 80/s, or arrival: closed.");
        }
        else if (arrival is not null && !section.Has(wanted))
        {
            section.Error(wanted, $"is missing. Write {(closed ? "users: 10" : "rate: 80/s")}.");
        }

        var duration = section.Duration("duration");
        if (duration < TimeSpan.FromSeconds(1))
        {
            section.Error("duration", $"{Quantities.Show(duration.Value)} is too short: seconds are counted. Write at least 1s.");
        }

        return (duration, section.Rate("rate"), section.Integer("users")) switch
        {
            ({ } length, { } rate, _) when !closed => new RatePhase(name, length, rate),
            ({ } length, _, { } users) when closed => new UsersPhase(name, length, (int)users),
            _ => null,
        };
    }

    private static RequestTemplate? Request(Section section, ISweepFiles files)
    {
        var path = section.Text("path");
        TargetBinding.RequirePath(section, "path", path);
        var headers = section.Scalars("headers").Select(item => KeyValuePair.Create(item.Key, item.Value.Text)).ToImmutableArray();
        foreach (var (key, value, place) in section.Scalars("headers"))
        {
            Header(key, value.Text, place, section.Problems);
        }

        if (section.Has("body") && section.Has("bodyFiles"))
        {
            section.Error("body", "does not go with bodyFiles. Keep one of them.");
        }

        var bodies = section.Text("body") is { } body && section.Has("body")
            ? [new WeightedBody("body", Encoding.UTF8.GetBytes(body), 1)]
            : Bodies(section, files);
        var method = section.Has("method") ? section.Text("method") : section.Has("body") || section.Has("bodyFiles") ? "POST" : "GET";
        if (method is "GET" or "HEAD" && (section.Has("body") || section.Has("bodyFiles")))
        {
            section.Error("method", $"{method} carries no body. Write POST, or remove the body.");
        }

        return path is null || method is null || bodies is null ? null : new RequestTemplate
        {
            Method = method,
            Path = path,
            Headers = headers,
            Bodies = bodies.Value,
            ExpectedStatus = [.. section.Scalars("expectedStatus").Select(item => int.Parse(item.Value.Text, System.Globalization.CultureInfo.InvariantCulture)).Distinct()],
        };
    }

    private static ImmutableArray<WeightedBody>? Bodies(Section section, ISweepFiles files)
    {
        var bodies = ImmutableArray.CreateBuilder<WeightedBody>();
        foreach (var (_, item) in section.Sections("bodyFiles"))
        {
            if (item.Number("weight") is 0)
            {
                item.Error("weight", "is zero, so that this body is never sent. Raise it, or remove the body.");
            }

            if (item.Text("file") is not { } file || item.Number("weight") is not { } weight)
            {
                continue;
            }

            var content = files.Read(file);
            if (content.Problem is { } problem)
            {
                item.Error("file", problem);
                continue;
            }

            bodies.Add(new WeightedBody(file, content.Bytes, weight));
        }

        return bodies.ToImmutable();
    }

    private static void Header(string name, string value, Place place, ProblemList problems)
    {
        if (!HeaderName().IsMatch(name))
        {
            problems.Error(place, $"'{name}' is no name of a header.");
        }
        else if (name.ToLowerInvariant() is "content-length" or "transfer-encoding" or "connection" or "host")
        {
            problems.Error(place, $"'{name}' is set by the generator itself. Remove it.");
        }

        if (value.Any(char.IsControl))
        {
            problems.Error(place, "holds a line break or another control character. Write the header on one line.");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}\z")]
    private static partial Regex PhaseName();

    [GeneratedRegex(@"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}\z")]
    private static partial Regex HeaderName();
}
