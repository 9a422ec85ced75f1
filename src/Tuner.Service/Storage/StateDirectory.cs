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
}
