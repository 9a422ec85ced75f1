using System.Runtime.CompilerServices;
using Tuner.Service.Definitions;

namespace Tuner.Service.Tests.Definitions;

/// <summary>
/// Mistakes that people make, one file each, and what they are told. To accept new words after reading them, run with
/// <c>TUNER_ACCEPT=1</c>.
/// </summary>
public sealed class MistakeTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder()).Select(file => Path.GetFileName(file)!).Where(file => Path.GetExtension(file) is ".yaml" or ".json").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Says_what_is_wrong_and_how_to_cure_it(string file)
    {
        var reading = SweepFile.Load(Path.Combine(Folder(), file), SweepTexts.Prices);
        var told = SweepTexts.Printed(reading).Replace(Folder(), "FOLDER", StringComparison.Ordinal) + "\n";

        var golden = Path.Combine(Folder(), Path.ChangeExtension(file, ".txt"));
        if (Environment.GetEnvironmentVariable("TUNER_ACCEPT") is "1")
        {
            File.WriteAllText(golden, told);
        }

        Assert.Equal(File.ReadAllText(golden), told);
        Assert.NotEmpty(reading.Problems);
        Assert.Equal(reading.Errors.Any(), !reading.IsValid);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "mistakes");
}
