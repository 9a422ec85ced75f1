using System.Runtime.CompilerServices;

namespace Tuner.Service.Tests.Reports;

/// <summary>
/// Compares text with a file beside the test. <c>TUNER_UPDATE_SNAPSHOTS=1 dotnet test</c> writes the files anew; look at
/// the difference before committing it.
/// </summary>
internal static class Snapshot
{
    public static void Match(string actual, string name, [CallerFilePath] string test = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("TUNER_UPDATE_SNAPSHOTS") is "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing. Run the test once with TUNER_UPDATE_SNAPSHOTS=1.");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
