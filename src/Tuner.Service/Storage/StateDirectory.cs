using Tuner.Core.Sweeps;

namespace Tuner.Service.Storage;

/// <summary>The folder that holds everything Tuner remembers on this machine, <c>.tuner</c> unless named.</summary>
public sealed class StateDirectory(string path)
{
    public const string DefaultName = ".tuner";

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string DatabaseFile => System.IO.Path.Combine(Path, "tuner.db");

    /// <summary>Where the report of a sweep is written.</summary>
    public string ReportFolder(SweepId id) => Directory.CreateDirectory(System.IO.Path.Combine(Path, "reports", id.Value)).FullName;

    /// <summary>
    /// Claims a sweep for this process; null while another process holds it. The claim ends with the process, however
    /// that ends.
    /// </summary>
    public IDisposable? TryClaim(SweepId id)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, "locks"));
        try
        {
            return new FileStream(System.IO.Path.Combine(folder.FullName, id.Value + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
