using System.Collections.Immutable;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>The filters of a list as a request wrote them.</summary>
internal sealed record SweepListing(string[] States, string[] Labels, string? Name, string? Project, string? After, int Limit)
{
    /// <summary>Either will do: definitions write the first, and many tools the second.</summary>
    private static readonly char[] LabelMarks = [':', '='];

    /// <summary>What to ask of the store, limited to what the caller sees; or what is wrong, with its cure.</summary>
    public static (SweepQuery? Query, string? Problem) Read(SweepListing listing, Caller caller)
    {
        var states = ImmutableArray.CreateBuilder<SweepState>();
        foreach (var text in listing.States)
        {
            if (!Enum.TryParse<SweepState>(text, ignoreCase: true, out var state) || !Enum.IsDefined(state))
            {
                return (null, $"state: '{text}' is none. Write one of {string.Join(", ", Enum.GetValues<SweepState>().Select(SweepViews.Word))}.");
            }

            states.Add(state);
        }

        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in listing.Labels)
        {
            if (text.Split(LabelMarks, 2) is not [{ Length: > 0 } name, var value])
            {
                return (null, $"label: '{text}' is no label. Write name:value.");
            }

            labels[name] = value;
        }

        if (listing.Limit is < 1 or > SweepQuery.MaxLimit)
        {
            return (null, $"limit: {listing.Limit} is out of range. Write 1 to {SweepQuery.MaxLimit}.");
        }

        var after = SweepCursor.Parse(listing.After);
        if (listing.After is not null && after is null)
        {
            return (null, $"after: '{listing.After}' is no place in the list. Send the next of the page before.");
        }

        if (listing.Project is { } project && !caller.Sees(project))
        {
            return (null, $"project: this key does not see '{project}'. It sees: {string.Join(", ", caller.Projects)}.");
        }

        return (new SweepQuery
        {
            Projects = listing.Project is { } only ? [only] : caller.Projects,
            States = states.ToImmutable(),
            Labels = labels.ToImmutable(),
            Name = listing.Name,
            After = after,
            Limit = listing.Limit,
        }, null);
    }
}
