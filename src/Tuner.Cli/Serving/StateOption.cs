using System.CommandLine;
using Tuner.Service.Storage;

namespace Tuner.Cli.Serving;

/// <summary>The service's folder of state, for every command that works on it directly.</summary>
internal static class StateOption
{
    public static Option<string> Create() => new("--state") { Description = "The folder that remembers sweeps, keys and targets.", DefaultValueFactory = _ => StateDirectory.DefaultName };

    public static Task<SqliteDatabase> OpenAsync(string folder, CancellationToken cancellationToken) =>
        SqliteDatabase.OpenAsync(new StateDirectory(folder).DatabaseFile, cancellationToken);
}
