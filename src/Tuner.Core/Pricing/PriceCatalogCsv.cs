using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Definitions;

namespace Tuner.Core.Pricing;

/// <summary>
/// Reads the column layout of SkyPilot's catalog files: InstanceType, AcceleratorName, AcceleratorCount, vCPUs, MemoryGiB,
/// Price, SpotPrice, Region. On-demand prices in USD per hour are used. Rows without a name are offers of bare accelerators
/// and left out; rows without a price are left out too, so that naming one is an error. Of several zones the cheapest counts.
/// </summary>
internal static class PriceCatalogCsv
{
    private static readonly string[] Needed = ["InstanceType", "vCPUs", "MemoryGiB", "Price"];

    public static (PriceBook? Book, ImmutableArray<DefinitionProblem> Problems) Read(string name, string text)
    {
        var problems = new ProblemList();
        var lines = text.Split('\n');
        var header = Fields(lines[0].TrimStart('\uFEFF')).ToList();
        foreach (var missing in Needed.Where(column => !header.Contains(column, StringComparer.Ordinal)))
        {
            problems.Error(new Place("", 1, 1), $"the column '{missing}' is missing. {Spelling.Hint(missing, header)}");
        }

        if (problems.HasErrors)
        {
            return (null, problems.InOrder());
        }

        var best = new Dictionary<(string, string?), InstanceType>();
        for (var index = 1; index < lines.Length; index++)
        {
            if (lines[index].AsSpan().Trim().IsEmpty || Row(lines[index], index + 1, header, problems) is not { } row)
            {
                continue;
            }

            var key = (row.Name, row.Region);
            best[key] = best.TryGetValue(key, out var known) && known.PricePerHour <= row.PricePerHour ? known : row;
        }

        return problems.HasErrors ? (null, problems.InOrder()) : (new PriceBook
        {
            Name = name,
            Currency = "USD",
            Source = $"catalog {name}",
            Instances = [.. best.Values.OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Region, StringComparer.Ordinal)],
        }, []);
    }

    private static InstanceType? Row(string line, int number, List<string> header, ProblemList problems)
    {
        var fields = Fields(line.TrimEnd('\r'));
        string Field(string column) => header.IndexOf(column) is var index and >= 0 && index < fields.Count ? fields[index] : "";
        if (Field("InstanceType").Length == 0 || Field("Price").Length == 0)
        {
            return null;
        }

        var vcpus = Figure("vCPUs", 0);
        var memory = Figure("MemoryGiB", 0);
        var price = Figure("Price", 0);
        var accelerators = Field("AcceleratorCount").Length == 0 ? 0 : Figure("AcceleratorCount", 0);
        return price <= 0 || vcpus <= 0 ? null : new InstanceType
        {
            Name = Field("InstanceType"),
            Vcpus = vcpus,
            MemoryGib = memory,
            PricePerHour = (decimal)price,
            Region = Field("Region") is { Length: > 0 } region ? region : null,
            Accelerator = Field("AcceleratorName") is { Length: > 0 } accelerator ? accelerator : null,
            AcceleratorCount = accelerators,
        };

        double Figure(string column, double otherwise)
        {
            if (Field(column).Length == 0)
            {
                return otherwise;
            }

            if (double.TryParse(Field(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and < 1e12)
            {
                return value;
            }

            problems.Error(new Place(column, number, 1), $"'{Field(column)}' is not a number.");
            return otherwise;
        }
    }

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var character in line.TrimEnd('\r'))
        {
            if (character == '"')
            {
                quoted = !quoted;
            }
            else if (character == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }

        fields.Add(field.ToString().Trim());
        return fields;
    }
}
