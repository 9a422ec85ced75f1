using Tuner.Core.Pricing;
using Tuner.Service.Definitions;

namespace Tuner.Service.Tests.Definitions;

public sealed class PriceTests : IDisposable
{
    // The layout of SkyPilot's catalogs: zones repeat, some rows have no price, accelerators stand in quotes.
    private const string Catalog = """
        InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone,Arch
        m7i.large,,,2.0,8.0,,0.1008,0.042300,us-east-1,use1-az1,x86_64
        m7i.large,,,2.0,8.0,,0.1008,0.034900,us-east-1,use1-az2,x86_64
        m7i.large,,,2.0,8.0,,0.1176,0.040400,eu-west-3,euw3-az1,x86_64
        m7i.xlarge,,,4.0,16.0,,0.2016,,us-east-1,use1-az1,x86_64
        m7i.large,,,2.0,8.0,,,,eu-south-1,eus1-az1,x86_64
        g5.xlarge,A10G,1,4.0,16.0,"{'gpus': [{'name': 'A10G', 'count': 1.0}], 'total': 24576}",1.006,0.4,us-east-1,use1-az1,x86_64
        ,A10G,1,,,,0.7,,us-east-1,use1-az1,
        """;

    private readonly SweepTexts texts = new();

    public PriceTests() => texts.Write("catalog.csv", Catalog);

    public void Dispose() => texts.Dispose();

    [Fact]
    public void The_shipped_price_book_says_when_and_where_its_prices_stood_and_marks_its_samples()
    {
        var (book, problems) = PriceBookReading.Read(SweepTexts.Prices.Name, SweepTexts.Prices.Text, SweepYaml.ReadTree);

        Assert.Empty(problems);
        Assert.NotNull(book!.Date);
        Assert.Equal(["sample-eighth", "sample-quarter", "sample-half", "sample-one"], book.Instances.Where(instance => instance.Sample).Select(instance => instance.Name));
        Assert.Equal([0.125, 0.25, 0.5, 1], book.Instances.Where(instance => instance.Sample).Select(instance => instance.Vcpus));
        Assert.All(book.Instances, instance => Assert.True(instance.PricePerHour > 0));
        Assert.Equal("sample-one", book.Default);
    }

    [Fact]
    public void Reads_the_columns_of_a_catalog()
    {
        var (book, problems) = PriceBookReading.Read("catalog.csv", Catalog, SweepYaml.ReadTree);

        Assert.Empty(problems);
        Assert.Equal(
            [("g5.xlarge", "us-east-1", 1.006m, 1), ("m7i.large", "eu-west-3", 0.1176m, 0), ("m7i.large", "us-east-1", 0.1008m, 0), ("m7i.xlarge", "us-east-1", 0.2016m, 0)],
            book!.Instances.Select(instance => (instance.Name, instance.Region!, instance.PricePerHour, (int)instance.AcceleratorCount)));
        Assert.Equal("A10G", book.Instances[0].Accelerator);
    }

    [Theory]
    [InlineData("cost: { prices: catalog.csv, region: us-east-1 }", null)]
    [InlineData("cost: { prices: catalog.csv }", "'m7i.large' has 2 prices in catalog.csv, one a region. Add cost.region: one of eu-west-3, us-east-1.")]
    [InlineData("cost: { prices: catalog.csv, region: eu-south-1 }", "'m7i.large' has no price in the region 'eu-south-1' of catalog.csv. There are: eu-west-3, us-east-1.")]
    [InlineData("cost: { prices: catalog.csv, region: us-east-1, currency: EUR }", "'EUR' is not the currency of catalog.csv, USD, and nothing is converted. Write USD, or name a price book in EUR under cost.prices.")]
    [InlineData("cost: { prices: catalogue.csv }", "Did you mean 'catalog.csv'?")]
    [InlineData("cost: {}", null)]
    public void A_price_that_is_missing_or_ambiguous_is_an_error(string cost, string? problem)
    {
        var reading = texts.Load($"{SweepTexts.Minimal.Replace("sample-half, sample-one", "m7i.large", StringComparison.Ordinal)}\n{cost}\n");

        Assert.Equal(problem is null, reading.IsValid);
        Assert.Contains(problem ?? "", SweepTexts.Printed(reading), StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_of_zero_is_refused()
    {
        texts.Write("free.yaml", "currency: USD\ndate: 2026-11-01\nsource: here\ninstances: [ { name: sample-one, vcpus: 1, memoryGib: 1, pricePerHour: 0 } ]\n");
        var reading = texts.Load($"{SweepTexts.Minimal}\ncost: {{ prices: free.yaml }}\n");

        Assert.Contains("error: instances[0].pricePerHour: is zero, and nothing is free. Write the price.", SweepTexts.Printed(reading), StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_by_requested_resources()
    {
        var reading = texts.Load($$"""
            {{SweepTexts.Minimal.Replace("  instanceType: { values: [sample-half, sample-one] }\n", "", StringComparison.Ordinal)}}
            cost: { currency: EUR, resources: { vcpus: workers / 2, pricePerVcpuHour: 0.04, memoryGib: 1 + workers, pricePerGibHour: 0.005 } }
            """);

        Assert.Equal("", SweepTexts.Printed(reading));
        Assert.Equal(
            [0.03m, 0.055m],
            reading.Sweep!.Space.Enumerate().Take(2).Select(candidate => reading.Sweep.PerHour(candidate)));
    }

    [Fact]
    public void A_process_without_an_instance_type_gets_the_books_default_and_is_told_so()
    {
        var reading = texts.Load(SweepTexts.Minimal.Replace("  instanceType: { values: [sample-half, sample-one] }\n", "", StringComparison.Ordinal));

        Assert.True(reading.IsValid);
        Assert.Contains("no instance type is named: candidates run on 'sample-one' of prices.yaml", SweepTexts.Printed(reading), StringComparison.Ordinal);
        Assert.Equal(0.04937m, reading.Sweep.PerHour(reading.Sweep.Space.Enumerate().First()));
    }
}
