using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Definitions;

namespace Tuner.Core.Pricing;

/// <summary>Turns a price file, in Tuner's own layout or in that of a catalog CSV, into a price book or every error.</summary>
public static class PriceBookReading
{
    /// <summary>Reads by the name's ending: <c>.csv</c> is a catalog, anything else the price book layout.</summary>
    public static (PriceBook? Book, ImmutableArray<DefinitionProblem> Problems) Read(string name, string text, Func<string, DefinitionTree> syntax)
    {
        if (name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            return PriceCatalogCsv.Read(name, text);
        }

        var tree = syntax(text);
        var problems = new ProblemList();
        problems.AddRange(tree.Problems);
        if (tree.Root is null)
        {
            return (null, problems.InOrder());
        }

        ShapeCheck.Check(PriceBookShape.Root, tree.Root, problems);
        var book = Bind(name, new Section(PriceBookShape.Root, tree.Root as MappingNode, new Place("", 1, 1), problems));
        return (problems.HasErrors ? null : book, problems.InOrder());
    }

    private static PriceBook Bind(string name, Section section)
    {
        var currency = section.Text("currency") ?? "";
        if (section.Has("currency") && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
        {
            section.Error("currency", $"'{currency}' is no currency. Write three capital letters, such as USD.");
        }

        if (!DateOnly.TryParseExact(section.Text("date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && section.Has("date"))
        {
            section.Error("date", $"'{section.Text("date")}' is no date. Write it like 2026-11-01.");
        }

        var instances = section.Sections("instances").Select(item => Instance(item.Section)).ToImmutableArray();
        var seen = new HashSet<(string, string?)>();
        foreach (var (instance, item) in instances.Zip(section.Sections("instances")))
        {
            if (!seen.Add((instance.Name, instance.Region)))
            {
                item.Section.Error("name", $"'{instance.Name}' has two prices. Keep one of them.");
            }
        }

        var standard = section.Text("default");
        if (standard is not null && !instances.Any(instance => instance.Name == standard))
        {
            section.Error("default", $"'{standard}' is not listed. {Spelling.Hint(standard, [.. instances.Select(instance => instance.Name)])}");
        }

        return new PriceBook { Name = name, Currency = currency, Date = date, Source = section.Text("source"), Default = standard, Instances = instances };
    }

    private static InstanceType Instance(Section section)
    {
        var price = section.Number("pricePerHour");
        if (price is 0)
        {
            section.Error("pricePerHour", "is zero, and nothing is free. Write the price.");
        }

        return new InstanceType
        {
            Name = section.Text("name") ?? "",
            Vcpus = section.Number("vcpus") ?? 1,
            MemoryGib = section.Number("memoryGib") ?? 1,
            PricePerHour = price is < 1e12 ? (decimal)price.Value : 0,
            Region = section.Text("region"),
            Accelerator = section.Text("accelerator"),
            AcceleratorCount = section.Number("accelerators") ?? 0,
            Sample = section.Flag("sample") ?? false,
        };
    }
}
