using System.Collections.Immutable;
using System.Globalization;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Local.Deploying;

/// <summary>The command line, environment and files of one replica, rendered.</summary>
internal sealed record CandidateCommand(
    ImmutableArray<string> Arguments, ImmutableSortedDictionary<string, string> Environment, ImmutableArray<KeyValuePair<string, string>> Files)
{
    /// <summary>What a candidate may see of Tuner's own environment; anything else could be a secret.</summary>
    private static readonly ImmutableHashSet<string> Inherited = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "PYTHONPATH", "VIRTUAL_ENV", "JAVA_HOME", "CUDA_VISIBLE_DEVICES", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_DATA_HOME");

    private static readonly string[] InheritedPrefixes = ["LC_", "DOTNET_"];

    /// <exception cref="KeyNotFoundException">A placeholder has no value.</exception>
    public static CandidateCommand Render(Sweep sweep, Target.Process target, Candidate candidate, ReplicaContext context)
    {
        var environment = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            if (IsInherited((string)variable.Key))
            {
                environment[(string)variable.Key] = (string?)variable.Value ?? "";
            }
        }

        foreach (var (name, template) in target.Environment)
        {
            environment[name] = template.Render(Lookup);
        }

        foreach (var (name, value) in context.Markers)
        {
            environment[name] = value;
        }

        return new CandidateCommand(
            [.. target.Command.Select(template => template.Render(Lookup))],
            environment.ToImmutable(),
            [.. target.Files.Select(file => KeyValuePair.Create(file.Path, file.Content.Render(Lookup)))]);

        string? Lookup(string name) => name switch
        {
            "port" => context.Port.ToString(CultureInfo.InvariantCulture),
            "replica" => context.Replica.ToString(CultureInfo.InvariantCulture),
            "folder" => context.Folder,
            "tuner.samples" => context.SamplesDirectory,
            _ => sweep.Space.Lookup(candidate, name)?.Text,
        };
    }

    /// <summary>Writes the files into the replica's folder, which only this user may read: values may be secrets.</summary>
    public void WriteFiles(string folder)
    {
        MakeFolder(folder);
        foreach (var (path, text) in Files)
        {
            var file = Path.Combine(folder, path);
            MakeFolder(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    private static void MakeFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>How many replicas the candidate has; null when the rendered text is no count.</summary>
    public static int? Replicas(Sweep sweep, Target.Process target, Candidate candidate) =>
        ParameterValue.Of(target.Replicas.Render(name => sweep.Space.Lookup(candidate, name)?.Text)).Number is { } number
        && number is >= 1 and <= 1000 && number == Math.Floor(number)
            ? (int)number
            : null;

    /// <summary>The program's full path: as given, against the working directory, or found in the candidate's PATH.</summary>
    public string? FindProgram(string workingDirectory)
    {
        var name = Arguments[0];
        if (name.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(name, workingDirectory);
            return IsProgram(path) ? path : null;
        }

        return (Environment.GetValueOrDefault("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) => File.Exists(path) && Native.Access(path, Native.ExecuteAccess) == 0;

    private static bool IsInherited(string name) =>
        Inherited.Contains(name) || InheritedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}

/// <summary>What differs from replica to replica.</summary>
internal sealed record ReplicaContext(int Replica, int Port, string Folder, string SamplesDirectory, IReadOnlyDictionary<string, string> Markers);
