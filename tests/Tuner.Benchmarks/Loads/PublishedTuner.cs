using System.Diagnostics;

namespace Tuner.Benchmarks.Loads;

/// <summary>The command as people install it: published, its own code and its libraries compiled ahead (ReadyToRun), as in the image of <c>deploy/</c>.</summary>
internal sealed class PublishedTuner : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tuner-published-");

    private PublishedTuner()
    {
    }

    public string Command => Path.Combine(folder.FullName, "tuner");

    public static async Task<PublishedTuner> MakeAsync(CancellationToken cancellationToken)
    {
        var made = new PublishedTuner();
        var project = Path.Combine(Repository(), "src", "Tuner.Cli");
        using var publish = Process.Start("dotnet", ["publish", project, "-c", "Release", "-v", "q", "--use-current-runtime", "--no-self-contained", "-p:PublishReadyToRun=true", "-o", made.folder.FullName])
            ?? throw new InvalidOperationException("dotnet did not start.");
        await publish.WaitForExitAsync(cancellationToken);
        return publish.ExitCode == 0 ? made : throw new InvalidOperationException($"dotnet publish {project} ended with exit code {publish.ExitCode}.");
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string Repository()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(place.FullName, "Tuner.sln")))
        {
            place = place.Parent ?? throw new InvalidOperationException("There is no Tuner.sln above the benchmarks: run them from a checkout.");
        }

        return place.FullName;
    }
}
