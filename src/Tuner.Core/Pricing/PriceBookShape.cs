using Tuner.Core.Definitions;

namespace Tuner.Core.Pricing;

/// <summary>Every key of a price book.</summary>
internal static class PriceBookShape
{
    public static ObjectShape Root { get; } = new(
        new KeyShape("apiVersion", new ScalarShape(ScalarKind.Choice) { Choices = [SweepShape.ApiVersion], Default = SweepShape.ApiVersion }, "Version of this format."),
        new KeyShape("kind", new ScalarShape(ScalarKind.Choice) { Choices = ["PriceBook"], Default = "PriceBook" }, "What this document is."),
        new KeyShape("currency", new ScalarShape(ScalarKind.Text), "Currency of all prices, three letters.") { Required = true },
        new KeyShape("date", new ScalarShape(ScalarKind.Text), "Day on which the prices were read, like 2026-11-01.") { Required = true },
        new KeyShape("source", new ScalarShape(ScalarKind.Text), "Where the prices stand.") { Required = true },
        new KeyShape("default", new ScalarShape(ScalarKind.Text), "Instance type of local candidates that name none."),
        new KeyShape("instances", new ListShape(Instance), "The machine sizes.") { Required = true });

    private static ObjectShape Instance => new(
        new KeyShape("name", new ScalarShape(ScalarKind.Text), "Name of the size.") { Required = true },
        new KeyShape("vcpus", new ScalarShape(ScalarKind.Number) { Min = 0.01, Max = 4096 }, "Virtual CPUs.") { Required = true },
        new KeyShape("memoryGib", new ScalarShape(ScalarKind.Number) { Min = 0.01, Max = 1_000_000 }, "Memory in GiB.") { Required = true },
        new KeyShape("pricePerHour", new ScalarShape(ScalarKind.Number) { Min = 0 }, "Price of one for an hour.") { Required = true },
        new KeyShape("region", new ScalarShape(ScalarKind.Text), "Region in which the price counts."),
        new KeyShape("accelerator", new ScalarShape(ScalarKind.Text), "Name of its accelerators."),
        new KeyShape("accelerators", new ScalarShape(ScalarKind.Number) { Min = 0, Max = 1024, Default = "0" }, "How many accelerators it has."),
        new KeyShape("source", new ScalarShape(ScalarKind.Text), "Where this price stands, if elsewhere."),
        new KeyShape("sample", new ScalarShape(ScalarKind.Boolean) { Default = "false" }, "True for sizes made up for trying things on one machine."));
}
