namespace Tuner.Service.Storage;

/// <summary>The database cannot be opened; the message names it, without its password, and the cure.</summary>
public sealed class DatabaseException(DatabaseTrouble trouble, string message, string reason, Exception? inner = null) : Exception(message, inner)
{
    public DatabaseTrouble Trouble { get; } = trouble;

    /// <summary>What went wrong, in a few words.</summary>
    public string Reason { get; } = reason;
}
