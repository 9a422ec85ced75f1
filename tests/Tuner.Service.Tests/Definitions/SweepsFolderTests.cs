using System.Runtime.CompilerServices;
using System.Text.Json;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;

namespace Tuner.Service.Tests.Definitions;

/// <summary>Everything in <c>sweeps/</c> is sample, documentation and fixture at once.</summary>
public sealed class SweepsFolderTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder(), "*.yaml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_sample_loads_validates_and_plans(string file)
    {
        var reading = SweepFile.Load(Path.Combine(Folder(), file), SweepTexts.Prices);
        Assert.Equal("", SweepTexts.Printed(reading));

        var preview = SweepPreview.Of(reading.Sweep!, new MachineCapacity(2, 1, 8L << 30));
        Assert.Null(preview.Impossible);
        Assert.True(preview.Space.Measurable > 1);
        Assert.All(preview.Slos, slo => Assert.True(slo.CanDecide));
    }

    [Fact]
    public void The_published_schema_is_the_one_that_the_command_prints()
    {
        var published = Path.Combine(Folder(), "tuner-sweep.schema.json");
        if (Environment.GetEnvironmentVariable("TUNER_ACCEPT") is "1")
        {
            File.WriteAllText(published, JsonSchema.OfSweep());
        }

        Assert.Equal(JsonSchema.OfSweep(), File.ReadAllText(published));
    }

    [Fact]
    public void The_schema_names_exactly_the_keys_that_the_validator_takes()
    {
        using var schema = JsonDocument.Parse(JsonSchema.OfSweep());
        Compare(SweepShape.Root, schema.RootElement);
    }

    private static void Compare(Shape shape, JsonElement schema)
    {
        switch (shape)
        {
            case ObjectShape known:
                var written = schema.TryGetProperty("anyOf", out var either) ? either[0] : schema;
                Assert.False(written.GetProperty("additionalProperties").GetBoolean());
                Assert.Equal(known.Keys.Select(key => key.Name), written.GetProperty("properties").EnumerateObject().Select(property => property.Name));
                Assert.Equal(
                    known.Keys.Where(key => key.Required).Select(key => key.Name),
                    written.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : []);
                foreach (var key in known.Keys)
                {
                    Compare(key.Shape, written.GetProperty("properties").GetProperty(key.Name));
                }

                break;
            case ListShape list:
                Compare(list.Item, schema.GetProperty("items"));
                break;
            case MapShape map:
                Compare(map.Value, schema.GetProperty("additionalProperties"));
                break;
            case ScalarShape { Kind: ScalarKind.Choice } choice:
                Assert.Equal(choice.Choices, schema.GetProperty("enum").EnumerateArray().Select(value => value.GetString()!));
                break;
        }
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../sweeps"));
}
