using System.Collections.Immutable;
using System.Text.Json;
using Tuner.Local.Processes;

namespace Tuner.Local.Leftovers;

/// <summary>
/// What a trial is about to run and runs, in a file of its own, written before it happens: a Tuner that starts after a
/// killed one finds here what to remove. The file goes when everything is gone.
/// </summary>
internal sealed record TrialRecord
{
    public required string Trial { get; init; }

    /// <summary>The <see cref="Processes.Owner"/> as text.</summary>
    public required string Owner { get; init; }

    /// <summary>The machine's start it belongs to; after another start nothing of it is left.</summary>
    public required string BootId { get; init; }

    /// <summary>Its cgroup's folders; empty where there are no cgroups.</summary>
    public ImmutableArray<string> CgroupFolders { get; init; } = [];

    public ImmutableArray<ProcessName> Processes { get; init; } = [];

    public static string CurrentBootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>The trial's file in a folder of such files.</summary>
    public static string FileOf(string directory, string trial) => Path.Combine(directory, SafeName(trial) + ".json");

    /// <summary>The folder that the trial's replicas have theirs in.</summary>
    public static string FolderOf(string directory, string trial) => Path.Combine(directory, SafeName(trial));

    /// <summary>Takes the record and the candidate's files away.</summary>
    public static void Delete(string directory, string trial)
    {
        if (Directory.Exists(FolderOf(directory, trial)))
        {
            Directory.Delete(FolderOf(directory, trial), recursive: true);
        }

        File.Delete(FileOf(directory, trial));
    }

    /// <summary>A text as part of a file's or cgroup's name.</summary>
    public static string SafeName(string text) => string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '_'));

    /// <summary>Writes it whole or not at all.</summary>
    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        var file = FileOf(directory, Trial);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Null when the file is none of ours or was not finished.</summary>
    public static TrialRecord? Load(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<TrialRecord>(File.ReadAllText(file));
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            return null;
        }
    }
}

/// <summary>A process by id and start; see <see cref="ProcessEntry"/>.</summary>
internal sealed record ProcessName(int Id, long Start);
