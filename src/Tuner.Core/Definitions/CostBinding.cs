using System.Collections.Immutable;
using System.Text;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Reads prices: which price book, which instance types, and how many a candidate pays for.</summary>
internal static class CostBinding
{
    /// <summary>The price book that counts; null with its errors reported.</summary>
    public static PriceBook? Book(Section root, SweepInputs inputs)
    {
        var cost = root.Sub("cost");
        if (!cost.Has("prices"))
        {
            return inputs.Prices;
        }

        if (cost.Text("prices") is not { } name)
        {
            return null;
        }

        var content = inputs.Files.Read(name);
        if (content.Problem is { } missing)
        {
            cost.Error("prices", missing);
            return null;
        }

        var (book, problems) = PriceBookReading.Read(name, Encoding.UTF8.GetString(content.Bytes.Span), inputs.Syntax);
        foreach (var problem in problems)
        {
            cost.Error("prices", $"{problem.Describe(name)}");
        }

        return book;
    }

    /// <summary>
    /// The parameters, with <c>cost.instanceType</c> (or the price book's default for a process) as a parameter of one value
    /// where the definition has none, so that every candidate names its instance type.
    /// </summary>
    public static ImmutableArray<Parameter> WithInstanceType(Section root, ImmutableArray<Parameter> parameters, PriceBook? book)
    {
        var cost = root.Sub("cost");
        var isParameter = root.Sections("parameters").Any(pair => pair.Key == SearchSpace.InstanceTypeParameter);
        if (isParameter)
        {
            if (cost.Has("instanceType"))
            {
                cost.Error("instanceType", "is a parameter already. Keep the parameter, or this.");
            }

            return parameters;
        }

        var process = root.Sub("target").Has("process");
        var name = cost.Text("instanceType") ?? (process && !cost.Has("resources") ? book?.Default : null);
        if (name is null)
        {
            if (book is not null && !cost.Has("instanceType") && !cost.Has("resources") && (root.Sub("target").Has("endpoint") || process))
            {
                root.Problems.Error(cost.Here with { Path = "cost" }, "no price is known for a candidate. Name cost.instanceType, or give prices in cost.resources.");
            }

            return parameters;
        }

        if (!cost.Has("instanceType"))
        {
            root.Problems.Warn(root.Sub("target").Here, $"no instance type is named: candidates run on '{name}' of {book!.Name}. Add the parameter instanceType, or cost.instanceType.");
        }

        return parameters.Add(new CategoricalParameter(SearchSpace.InstanceTypeParameter, [ParameterValue.Of(name)]));
    }

    /// <summary>The instance types that candidates may name, each with its price.</summary>
    public static ImmutableDictionary<string, InstanceType> Instances(Section root, ImmutableArray<Parameter> parameters, PriceBook book)
    {
        var found = ImmutableDictionary.CreateBuilder<string, InstanceType>(StringComparer.Ordinal);
        if (parameters.FirstOrDefault(parameter => parameter.Name == SearchSpace.InstanceTypeParameter) is not { } parameter)
        {
            return found.ToImmutable();
        }

        var section = root.Sections("parameters").FirstOrDefault(pair => pair.Key == SearchSpace.InstanceTypeParameter).Section;
        if (parameter is not CategoricalParameter listed)
        {
            root.Problems.Error(section.Here, "names machine sizes. List them as values, such as { values: [sample-half, sample-one] }.");
            return found.ToImmutable();
        }

        var places = section?.Scalars("values").ToDictionary(item => item.Value.Text, item => item.Place, StringComparer.Ordinal);
        foreach (var name in listed.Values.Select(value => value.Text))
        {
            var place = places?.GetValueOrDefault(name) ?? root.Sub("cost").At("instanceType");
            if (Priced(root.Sub("cost"), name, place, book) is { } instance)
            {
                found[name] = instance;
            }
        }

        return found.ToImmutable();
    }

    public static CostModel? Model(Section root, PriceBook book, Target? target, ImmutableArray<Parameter> parameters, IReadOnlyDictionary<string, NameType> names)
    {
        var cost = root.Sub("cost");
        var currency = cost.Text("currency") ?? book.Currency;
        if (cost.Has("currency") && (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper)))
        {
            cost.Error("currency", $"'{currency}' is no currency. Write three capital letters, such as USD.");
        }

        if (cost.Has("resources"))
        {
            return ByResource(cost.Sub("resources"), currency, names);
        }

        if (currency != book.Currency)
        {
            cost.Error("currency", $"'{currency}' is not the currency of {book.Name}, {book.Currency}, and nothing is converted. Write {book.Currency}, or name a price book in {currency} under cost.prices.");
        }

        var (text, place) = cost.Text("instances") is { } written
            ? (written, cost.At("instances"))
            : (DefaultInstances(target, parameters), cost.At("instances"));
        return FormulaBinding.Read(text, FormulaType.Number, names, place, root.Problems) is { } instances
            ? new CostModel.ByInstance(currency, instances)
            : null;
    }

    private static string DefaultInstances(Target? target, ImmutableArray<Parameter> parameters) =>
        parameters.Any(parameter => parameter.Name == "replicas") ? "replicas"
        : target is Target.Process { Replicas: var replicas } ? replicas.Names is [var name] ? name : replicas.Text
        : target is Target.Argo { Replicas: var pods } ? pods.Names is [var knob] ? knob : pods.Text
        : target is Target.Endpoint endpoint ? $"{endpoint.Urls.Length}"
        : "1";

    private static CostModel.ByResource? ByResource(Section section, string currency, IReadOnlyDictionary<string, NameType> names)
    {
        foreach (var key in new[] { "pricePerVcpuHour", "pricePerGibHour" }.Where(key => section.Number(key) is 0 or > 1e9))
        {
            section.Error(key, $"{section.Number(key):R} is no price. Write what one costs for an hour.");
        }

        var vcpus = section.Text("vcpus") is { } v ? FormulaBinding.Read(v, FormulaType.Number, names, section.At("vcpus"), section.Problems) : null;
        var memory = section.Text("memoryGib") is { } m ? FormulaBinding.Read(m, FormulaType.Number, names, section.At("memoryGib"), section.Problems) : null;
        return vcpus is not null && memory is not null && section.Number("pricePerVcpuHour") is > 0 and <= 1e9 and var perVcpu && section.Number("pricePerGibHour") is > 0 and <= 1e9 and var perGib
            ? new CostModel.ByResource(currency, vcpus, (decimal)perVcpu, memory, (decimal)perGib)
            : null;
    }

    private static InstanceType? Priced(Section cost, string name, Place place, PriceBook book)
    {
        var offers = book.Find(name).ToArray();
        if (offers.Length == 0)
        {
            cost.Problems.Error(place, $"'{name}' has no price in {book.Name}, and a missing price is never taken as zero. {Spelling.Hint(name, [.. book.Instances.Select(instance => instance.Name).Distinct(StringComparer.Ordinal)])}");
            return null;
        }

        if (cost.Text("region") is { } region)
        {
            var there = offers.FirstOrDefault(offer => offer.Region == region) ?? offers.FirstOrDefault(offer => offer.Region is null);
            if (there is null)
            {
                cost.Problems.Error(place, $"'{name}' has no price in the region '{region}' of {book.Name}. {Spelling.Hint(region, [.. offers.Select(offer => offer.Region!)])}");
            }

            return there;
        }

        if (offers.Length > 1)
        {
            cost.Problems.Error(place, $"'{name}' has {offers.Length} prices in {book.Name}, one a region. Add cost.region: one of {Spelling.List([.. offers.Select(offer => offer.Region ?? "(none)")])}.");
            return null;
        }

        return offers[0];
    }
}
