using Dapper;

namespace Tuner.Service.Storage;

/// <summary>A query's filters as a where clause over <c>sweeps s</c>, with its parameters.</summary>
internal static class SweepFilter
{
    public static (string Where, DynamicParameters Parameters) Of(SweepQuery query)
    {
        var conditions = new List<string>();
        var parameters = new DynamicParameters();
        if (!query.Projects.IsDefaultOrEmpty)
        {
            conditions.Add(OneOf("s.project", "project", query.Projects, parameters));
        }

        if (!query.States.IsDefaultOrEmpty)
        {
            conditions.Add(OneOf("s.state", "state", query.States.Select(state => state.ToString()), parameters));
        }

        if (query.Name is { } name)
        {
            conditions.Add("s.name = @name");
            parameters.Add("name", name);
        }

        if (query.SearchesOnly)
        {
            conditions.Add("s.gate is null");
        }

        var number = 0;
        foreach (var (label, value) in query.Labels)
        {
            conditions.Add($"exists (select 1 from sweep_labels l where l.sweep_id = s.id and l.name = @label{number} and l.value = @value{number})");
            parameters.Add($"label{number}", label);
            parameters.Add($"value{number}", value);
            number++;
        }

        if (query.After is { } after)
        {
            conditions.Add("(s.created_at < @at or (s.created_at = @at and s.id < @id))");
            parameters.Add("at", after.CreatedAt);
            parameters.Add("id", after.Id);
        }

        return (conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions), parameters);
    }

    // Written out one by one: the ways in which the two databases take lists differ.
    private static string OneOf(string column, string parameter, IEnumerable<string> values, DynamicParameters parameters)
    {
        var names = new List<string>();
        foreach (var value in values)
        {
            var name = $"{parameter}{names.Count}";
            names.Add("@" + name);
            parameters.Add(name, value);
        }

        return $"{column} in ({string.Join(", ", names)})";
    }
}
