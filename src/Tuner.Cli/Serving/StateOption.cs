using System.CommandLine;
using Tuner.Service.Storage;

namespace Tuner.Cli.Serving;

/// <summary>The service's folder of state, for every command that works on it directly.</summary>
internal static class StateOption
{
    public static Option<string> Create() => new("--state") { Description = $"The folder that remembers sweeps, keys and targets; {DatabaseChoice.Variable} names a PostgreSQL instead.", DefaultValueFactory = _ => StateDirectory.DefaultName };

    /// <summary>The database in that folder, or the one that the environment names.</summary>
    /// <exception cref="DatabaseException">The environment names none, or it cannot be opened.</exception>
    public static Task<Database> OpenAsync(string folder, CancellationToken cancellationToken) =>
        DatabaseChoice.OpenAsync(Environment.GetEnvironmentVariable(DatabaseChoice.Variable), new StateDirectory(folder), cancellationToken);
}
