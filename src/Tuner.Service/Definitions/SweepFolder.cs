using Tuner.Core.Definitions;

namespace Tuner.Service.Definitions;

/// <summary>The files beside and below a definition; nothing outside that folder, also not by way of a link.</summary>
public sealed class SweepFolder(string folder) : ISweepFiles
{
    public const int MaxBytes = 16 * 1024 * 1024;

    public SweepFileContent Read(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
        {
            return Missing("names no file.");
        }

        var root = Resolved(Path.GetFullPath(folder));
        var path = Path.GetFullPath(Path.Combine(root, name));
        if (!IsBelow(root, path))
        {
            return Missing($"'{name}' lies outside the sweep's folder. Put it beside or below the sweep's file, and name it from there.");
        }

        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return Missing(Directory.Exists(path) ? $"'{name}' is a folder. Name a file." : $"'{name}' does not exist in {root}.{Near(path)}");
            }

            if (!IsBelow(root, Resolved(path)))
            {
                return Missing($"'{name}' is a link to a file outside the sweep's folder. Copy the file.");
            }

            return file.Length > MaxBytes
                ? Missing($"'{name}' has {file.Length:N0} bytes, more than {MaxBytes:N0}. Make it smaller.")
                : new SweepFileContent(File.ReadAllBytes(path), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Missing($"'{name}' cannot be read: {exception.Message}");
        }
    }

    private static SweepFileContent Missing(string problem) => new(ReadOnlyMemory<byte>.Empty, problem);

    private static bool IsBelow(string root, string path) =>
        path.StartsWith(root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Links may stand anywhere in the path, so each part is followed.
    private static string Resolved(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var here = Path.Combine(Resolved(parent), Path.GetFileName(path));
        FileSystemInfo info = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        return info.LinkTarget is null ? here : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here;
    }

    private static string Near(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null || !Directory.Exists(parent))
        {
            return " Check the name.";
        }

        var near = Spelling.Nearest(Path.GetFileName(path), Directory.EnumerateFiles(parent).Take(1000).Select(file => Path.GetFileName(file)));
        return near is null ? " Check the name." : $" Did you mean '{near}'?";
    }
}
